package claims_test

import "testing"

// TestFunctionsNamedToDisownThem: a function is named to say that the goods do
// not have it, or as a step of care, and neither is a claim.
func TestFunctionsNamedToDisownThem(t *testing.T) {
	checkSpoken(t, bodyFacts, []spoken{
		{"B1", "-", "这个面膜不管美白，就是补水"},
		{"B1", "-", "美白这块它没有"},
		{"B1", "-", "祛斑功能不具备，别拍错"},
		{"B1", "-", "抗皱两个字我不敢讲"},
		{"B1", "-", "敷完记得防晒"},
		{"B1", "-", "白天一定要搭配防晒"},
		{"B3", "-", "减肥靠的是管住嘴迈开腿"},
		{"B3", "-", "长高主要靠爸妈的个头"},
		{"B3", "-", "增强免疫力，批文上就写了这个"},
		{"B7", "-", "我外公吃降压药吃了十年，这个只负责量"},
		{"B1", "efficacy/unsupported", "这个面膜还能美白"},
		{"B1", "efficacy/unsupported", "它自带防晒的"},
		{"B1", "efficacy/unsupported", "抗皱效果也有的"},
		{"B3", "efficacy/unsupported", "除了免疫力还能助眠"},
		{"B3", "medical/banned", "吃着吃着降压药都停了"},
	})
}
