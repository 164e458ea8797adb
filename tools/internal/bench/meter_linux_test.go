package bench

import (
	"os/exec"
	"testing"
	"time"
)

func TestMeter(t *testing.T) {
	m, err := newMeter()
	if err != nil {
		t.Fatal(err)
	}
	defer m.close()

	const block = 64 << 20
	b := make([]byte, block)
	for i := range b {
		b[i] = byte(i) // touched, so that it is resident
	}
	cpu, first, err := m.read()
	if err != nil {
		t.Fatal(err)
	}
	if first < block || cpu <= 0 {
		t.Errorf("after filling %d bytes: peak %d, processor time %s", block, first, cpu)
	}
	b = nil

	// A child that waits for its input lives until we have looked at it.
	cmd := exec.Command("cat")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for peak, end := int64(0), time.Now().Add(10*time.Second); peak == 0; peak = childrenPeak() {
		if time.Now().After(end) {
			t.Fatal("a running child is not seen")
		}
	}
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if _, peak := usageOf(cmd); peak <= 0 {
		t.Errorf("an ended child used %d bytes", peak)
	}
	if peak := childrenPeak(); peak != 0 {
		t.Errorf("a child that ended still counts %d bytes", peak)
	}
	if memory() < 1<<28 {
		t.Errorf("this machine has %d bytes of memory", memory())
	}
}
