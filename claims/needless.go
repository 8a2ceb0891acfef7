package claims

import "liveroom/claims/sheet"

// How far apart the parts of a needless cure stand at most, in runes.
const (
	useToPlace    = 24
	placeToSpared = 12
)

// needless finds goods whose use spares people the doctor: 贴一个礼拜，牙科的预约可以
// 退掉了. A device that measures at home spares the way there, which is no cure.
func (l *line) needless() bool {
	if l.p != nil && l.p.Category == sheet.MedicalDevice {
		return false
	}
	for k := range l.cl {
		c := &l.cl[k]
		place, n := l.first(c.from, c.to, "cure.place")
		if place < 0 {
			continue
		}
		end := place + n
		for j := k + 1; j < len(l.cl) && l.cl[j].sentence == c.sentence; j++ {
			c = &l.cl[j]
		}
		spared, m := l.first(max(l.cl[k].from, place-placeToSpared), min(end+placeToSpared, c.to), "cure.spared")
		use, u := l.first(max(0, place-useToPlace), place, "use.it")
		if spared < 0 || use < 0 || l.stanceOf(use, use+u) != asserted || l.elsewhere(use) || l.warned(place) {
			continue
		}
		l.wrong(CategoryMedical, VerdictBanned, min(place, spared), max(end, spared+m), "medical.treat", Finding{})
		return true
	}
	return false
}
