package likeness

import (
	_ "embed"
	"sync"

	"liveroom/claims/lexicon"
)

//go:embed families.tsv
var familiesTSV string

// familyWords finds the words of families.
var familyWords = sync.OnceValue(func() *lexicon.Matcher { return lexicon.NewMatcher(loadFamilies(familiesTSV)) })
