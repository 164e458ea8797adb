package calendar

import (
	"testing"
	"testing/quick"
)

func TestParseDateRefusesWhatIsNoDay(t *testing.T) {
	for _, s := range []string{"", "2024-02-30", "2024-2-3", "2024/02/03", "20240203", "2024-02-03T00:00:00Z", "0001-01-01", "２０２４-02-03"} {
		if d, err := ParseDate(s); err == nil {
			t.Errorf("ParseDate(%q) = %v, want an error", s, d)
		}
	}
}

func TestAddDaysAndDaysSinceAgree(t *testing.T) {
	if err := quick.Check(func(n int16) bool {
		d := MustDate("2020-02-29")
		return d.AddDays(int(n)).DaysSince(d) == int(n)
	}, nil); err != nil {
		t.Error(err)
	}
}

func TestWorkingDays(t *testing.T) {
	// National Day 2025: 1–8 October off, 28 September and 11 October worked.
	days := Days{Off: map[Date]bool{}, Worked: map[Date]bool{MustDate("2025-09-28"): true, MustDate("2025-10-11"): true}}
	for d := MustDate("2025-10-01"); !d.After(MustDate("2025-10-08")); d = d.AddDays(1) {
		days.Off[d] = true
	}
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2025-09-26", 1, "2025-09-28"}, // Friday to the worked Sunday
		{"2025-09-30", 2, "2025-10-10"}, // over the holiday
		{"2025-10-10", 1, "2025-10-11"}, // worked Saturday
		{"2025-11-21", 1, "2025-11-24"}, // plain weekend
	} {
		if got := days.AddWorking(MustDate(c.from), c.n).String(); got != c.want {
			t.Errorf("AddWorking(%s, %d) = %s, want %s", c.from, c.n, got, c.want)
		}
	}
}

func TestStateOn(t *testing.T) {
	monthly := Cadence{Period: 31, Limit: 32}
	updated := MustDate("2025-01-01") // due 2025-02-02
	for day, want := range map[string]State{
		"2025-01-02": OnTime,
		"2025-01-26": OnTime,
		"2025-01-27": DueSoon,
		"2025-02-02": DueSoon,
		"2025-02-03": Late,
		"2025-04-05": Late,
		"2025-04-06": VeryLate,
	} {
		if got := monthly.StateOn(MustDate(day), updated, Days{}); got != want {
			t.Errorf("monthly on %s: %s, want %s", day, got, want)
		}
	}
	if got := (Cadence{}).StateOn(MustDate("2030-01-01"), updated, Days{}); got != NotDue {
		t.Errorf("static data: %s, want %s", got, NotDue)
	}
	if got := monthly.StateOn(MustDate("2030-01-01"), Date{}, Days{}); got != NotDue {
		t.Errorf("never updated: %s, want %s", got, NotDue)
	}
}

func TestGuess(t *testing.T) {
	for in, want := range map[string]string{
		"2024/3/1": "2024-03-01", "2024.03.1": "2024-03-01", "2024-3-1": "2024-03-01", "2024年3月1日": "2024-03-01",
		"20240301": "2024-03-01", "2024-03-01 00:00:00": "2024-03-01", "2024/3/1 0:00": "2024-03-01",
		"45352": "2024-03-01", "36526": "2000-01-01",
	} {
		if d, ok := Guess(in); !ok || d.String() != want {
			t.Errorf("Guess(%q) = %s, %v, want %s", in, d, ok, want)
		}
	}
	for _, in := range []string{"", "2024", "2024/13/1", "2024/2/30", "3/1/2024", "12345", "99999", "2024年3月", "310105199001011234"} {
		if d, ok := Guess(in); ok {
			t.Errorf("Guess(%q) = %s, want nothing", in, d)
		}
	}
}
