package privacy

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// sep is what may stand between groups of digits.
const sep = `[ \t\-._·—/\x{200b}-\x{200d}\x{2060}\x{feff}]{0,2}`

// A finder finds one kind of personal data in folded text. hide are the groups
// whose characters are hidden. ok, where given, decides by what stands around.
type finder struct {
	re   *regexp.Regexp
	hide []int
	ok   func(text string, from, to int) bool
	bare bool // a long number that nothing says anything about
}

var (
	provinces = `(?:[\p{Han}]{2,8}(?:省|自治区)|北京|上海|天津|重庆|香港|澳门)?市?`
	district  = regexp.MustCompile(provinces + `(?:[\p{Han}]{2,7}?(?:市|州|盟|地区))?[\p{Han}]{1,7}?(?:区|县|旗|市)`)
)

// finders in the order in which they are tried; what one has hidden no later one
// sees.
var finders = []finder{
	// mail: first character and domain
	{re: regexp.MustCompile(`[A-Za-z0-9]([A-Za-z0-9._%+\-]*)@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+`), hide: []int{1}, ok: localPart},
	// identity card: first three, last four
	{re: regexp.MustCompile(`[1-9]\d{2}(\d{3}` + sep + `(?:18|19|20)\d{2}` + sep + `(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])` + sep + `)\d{3}[\dXx]`), hide: []int{1}, ok: alone},
	{re: regexp.MustCompile(`(?:身份证|证件)[^\d]{0,8}[1-9]\d{2}(\d{8})\d{4}`), hide: []int{1}, ok: digitsEnd},
	// accounts elsewhere: the first character
	{re: regexp.MustCompile(`(?i)(?:微信|威信|薇信|维信|卫星|v信|vx|wx|wechat|weixin|加v|加微|➕v|\+v|qq|扣扣)(?:号码?|id)?[\s:：是为,，]*[a-z]([a-z0-9_\-]{5,19})`), hide: []int{1}},
	{re: regexp.MustCompile(`(?i)(?:微信|威信|薇信|维信|v信|vx|wx|wechat|weixin|加v|加微|➕v|\+v|扣扣|企鹅|qq)(?:号码?|id)?[\s:：是为,，]*\d(\d{4,10})`), hide: []int{1}, ok: notPhone},
	// mobile: first three, last four, however it is grouped
	{re: regexp.MustCompile(`(?:1[3-9]\d)` + sep + `(\d{4})` + sep + `\d{4}`), hide: []int{1}, ok: mobile},
	{re: regexp.MustCompile(`(?:1[3-9]\d)(\d` + sep + `\d{3})` + sep + `\d{4}`), hide: []int{1}, ok: mobile},
	{re: regexp.MustCompile(`(?:1[3-9]\d)` + sep + `(\d{3}` + sep + `\d)\d{4}`), hide: []int{1}, ok: mobile},
	{re: regexp.MustCompile(`1[ \-.,，]([3-9][ \-.,，]\d)([ \-.,，]\d){4}([ \-.,，]\d){4}`), hide: []int{1, 2, 3}, ok: mobile},
	// landline: area code and last two
	{re: regexp.MustCompile(`0\d{2,3}[ \-)）]{1,2}(\d{5,6})\d{2}`), hide: []int{1}, ok: alone},
	// order numbers that are called so: last four
	{re: regexp.MustCompile(`(?i)(?:订单|单号|运单|快递|物流|order)[^0-9A-Za-z，。,;；\n]{0,6}([0-9A-Za-z][0-9A-Za-z\-]{3,40})[0-9A-Za-z]{4}`), hide: []int{1}, ok: orderLike},
	{re: regexp.MustCompile(`([0-9A-Za-z][0-9A-Za-z\-]{5,40})[0-9A-Za-z]{4}[是的这那个\s]{0,3}(?:订单|单号|运单|快递单)`), hide: []int{1}, ok: orderLike},
	// bank cards and the long numbers of orders: last four
	{re: regexp.MustCompile(`(\d{4}[ \-]\d{4}[ \-]\d{4}[ \-](?:\d{4}[ \-])?)\d{1,4}`), hide: []int{1}, ok: alone},
	{re: regexp.MustCompile(`(\d{11,36})\d{4}`), hide: []int{1}, ok: alone, bare: true},
	// names that are called so: the surname
	{re: regexp.MustCompile(`(?:姓名|收件人|收货人|联系人|签收人|真名|本名|户名|我叫|名字叫|名字是|机主)(?:是|叫|为|改成|改为|换成|(?:写|填)(?:的是|的|了|成|是)?)?[\s:：]{0,3}(?:` + strings.Join(doubleSurnames, "|") + `|[` + surnames + `])(` + given + `)`), hide: []int{1}, ok: open},
	// addresses: down to the district
	{re: regexp.MustCompile(`(?:[\p{Han}]{2,8}(?:省|自治区)|北京|上海|天津|重庆|[\p{Han}]{2,5}市)市?(?:[\p{Han}]{2,7}?(?:市|州|盟|地区))?[\p{Han}]{1,7}?(?:区|县|旗|市)(` + detail + `)`), hide: []int{1}},
	{re: regexp.MustCompile(`[\p{Han}]{2,8}(?:区|县|旗)(` + street + `)`), hide: []int{1}},
	{re: regexp.MustCompile(`(?:地址|寄到|寄往|发到|送到|住在|家住|收货地)[是为在：:\s]{0,3}[\p{Han}]{0,12}?(?:省|市|区|县|旗)(` + detail + `)`), hide: []int{1}},
	{re: regexp.MustCompile(`(?:地址|寄到|寄往|送到|住在|家住)[是为在：:\s]{0,3}(` + detail + `)`), hide: []int{1}},
}

// given is a given name: no word that goes on with a sentence begins one.
const given = `[^\P{Han}和也都就说问不没的了们能会要在是有个什么]\p{Han}?`

// detail is what stands in an address behind the district: streets and villages
// down to a number.
const detail = `[ ]?[\p{Han}A-Za-z0-9]{1,24}?(?:路|街|道|巷|弄|胡同|村|镇|乡|屯|庄|园|苑|小区|大厦|广场|花园|公寓|里|城|府|湾)[\p{Han}A-Za-z0-9\-— #]{0,30}?\d+(?:[\p{Han}A-Za-z0-9\-—#]{0,16}(?:号楼|号院|号|室|栋|幢|座|单元|楼|层|户|组|队|#))?(?:[\dA-Za-z\-—#]+(?:号楼|号|室|栋|幢|座|单元|楼|层|户)?)*`

// street is detail with the number of a house: where no city and no word of
// delivery says that it is an address, less would be anything.
const street = `[\p{Han}]{1,12}?(?:路|街|道|巷|弄|胡同|村)[\p{Han}]{0,4}\d+(?:号楼|号院|号|弄|栋|幢|座|组|室)[\p{Han}A-Za-z0-9\-—#]{0,16}`

// Text hides what looks like personal data in free text.
func Text(s string) string { return search(s, true) }

// Clean tells whether Text finds nothing in s.
func Clean(s string) bool { return Text(s) == s }

// CleanFrame tells whether Text would find nothing in a frame or a row but long
// numbers: there they are messages' ids and times, to the nanosecond.
func CleanFrame(s string) bool { return search(s, false) == s }

func search(s string, bare bool) string {
	if !suspicious(s) {
		return s
	}
	f := fold(s)
	text, numbers := f.text, f.numbers
	cover := make([]bool, len(text)) // of folded bytes
	found := false
	for _, look := range finders {
		if look.bare && !bare {
			continue
		}
		found = look.mark(text, cover) || found
		text = blank(text, cover)
	}
	// Digits written in Chinese: only a mobile number is long enough to be told
	// from words.
	if m := chineseMobile.FindAllStringIndex(numbers, -1); m != nil {
		for _, at := range m {
			if mobile(numbers, at[0], at[1]) && !anyCovered(cover[at[0]:at[1]]) {
				coverBetween(cover, numbers, at[0], at[1], 3, 4)
				found = true
			}
		}
	}
	if !found {
		return s
	}
	return f.hide(cover)
}

func (l finder) mark(text string, cover []bool) bool {
	found := false
	for _, m := range l.re.FindAllStringSubmatchIndex(text, -1) {
		if l.ok != nil && !l.ok(text, m[0], m[1]) {
			continue
		}
		for _, g := range l.hide {
			for i := m[2*g]; i < m[2*g+1]; i++ {
				cover[i] = true
			}
		}
		// Repeated groups keep only their last turn: what is between is hidden too.
		if n := len(l.hide); n > 1 {
			for i := m[2*l.hide[0]]; i < m[2*l.hide[n-1]]-6; i++ {
				cover[i] = true
			}
		}
		found = found || m[2*l.hide[0]] < m[2*l.hide[0]+1]
	}
	return found
}

// blank takes what is hidden out of the later finders' sight.
func blank(text string, cover []bool) string {
	b := []byte(text)
	for i := range b {
		if cover[i] {
			b[i] = '*'
		}
	}
	return string(b)
}

func anyCovered(cover []bool) bool {
	for _, c := range cover {
		if c {
			return true
		}
	}
	return false
}

// coverBetween hides the digits of numbers[from:to] but the first and last few.
func coverBetween(cover []bool, numbers string, from, to, first, last int) {
	var at []int
	for i := from; i < to; i++ {
		if numbers[i] >= '0' && numbers[i] <= '9' {
			at = append(at, i)
		}
	}
	if len(at) < first+last {
		return
	}
	for i := at[first]; i < at[len(at)-last]; i++ {
		cover[i] = true
	}
}

// suspicious tells cheaply whether a search could find anything: text without
// five digits in it, a mail address, or one of the words that lead to a name,
// an address or an account, is left alone.
func suspicious(s string) bool {
	digits := 0
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if foldRune(r) != r && foldRune(r) <= '9' || r >= '0' && r <= '9' || chineseDigit(r) != 0 {
			if digits++; digits >= 5 {
				return true
			}
		}
		if r == '@' || r == '＠' {
			return true
		}
		i += n
	}
	return leads.MatchString(s)
}

var leads = regexp.MustCompile(`(?i)微信|威信|薇信|维信|卫星|v信|vx|wx|wechat|weixin|加v|加微|➕v|\+v|qq|扣扣|姓名|收件人|收货人|联系人|签收人|真名|本名|户名|我叫|名字|机主|地址|寄到|寄往|发到|送到|住在|家住|收货地|订单|单号|order|[路街巷弄村号栋室].*\d|\d.*[号栋室楼幢组弄单递]`)
