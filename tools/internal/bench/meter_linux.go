package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// meter measures this process and its children between two readings.
//
// The kernel keeps the high-water mark of a process's memory, and forgets it when asked. That of a child is read while
// the child runs: the figure that wait returns for it begins with the memory of the parent that started it.
type meter struct {
	cpu  time.Duration
	stop chan struct{}
	done sync.WaitGroup

	mu       sync.Mutex
	children int64 // highest mark of a child since the last reading
}

// pollEvery is how often the children's marks are read; a mark only grows, so that little is missed at the end.
const pollEvery = 25 * time.Millisecond

func newMeter() (*meter, error) {
	m := &meter{stop: make(chan struct{})}
	if err := resetPeak(); err != nil {
		return nil, err
	}
	m.cpu = cpuTime()
	m.done.Go(func() {
		tick := time.NewTicker(pollEvery)
		defer tick.Stop()
		for {
			select {
			case <-m.stop:
				return
			case <-tick.C:
			}
			if peak := childrenPeak(); peak > 0 {
				m.mu.Lock()
				m.children = max(m.children, peak)
				m.mu.Unlock()
			}
		}
	})
	return m, nil
}

func (m *meter) close() {
	close(m.stop)
	m.done.Wait()
}

// read returns what was used since the last reading: processor time, and the peak of this process plus that of its
// largest child, an upper bound of what both held at once.
func (m *meter) read() (cpu time.Duration, peak int64, err error) {
	own, err := highWater("self")
	if err != nil {
		return 0, 0, err
	}
	m.mu.Lock()
	peak, m.children = own+m.children, 0
	m.mu.Unlock()
	now := cpuTime()
	cpu, m.cpu = now-m.cpu, now
	return cpu, peak, resetPeak()
}

// resetPeak makes the kernel forget the high-water mark of this process (proc(5), clear_refs).
func resetPeak() error {
	return os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}

func cpuTime() time.Duration {
	var total time.Duration
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if syscall.Getrusage(who, &u) == nil {
			total += time.Duration(u.Utime.Nano() + u.Stime.Nano())
		}
	}
	return total
}

// highWater is the largest resident memory that a process ever held.
func highWater(pid string) (int64, error) {
	return kilobytes("/proc/"+pid+"/status", "VmHWM:")
}

func kilobytes(file, key string) (int64, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == key {
			n, err := strconv.ParseInt(f[1], 10, 64)
			return n << 10, err
		}
	}
	return 0, fmt.Errorf("%s has no %s", file, strings.TrimSuffix(key, ":"))
}

// childrenPeak is the highest mark of the processes that this one started and that still run.
func childrenPeak() (peak int64) {
	parent := strconv.Itoa(os.Getpid())
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			continue // it ended in between
		}
		// pid (name) state ppid …; the name may hold anything, even a parenthesis
		f := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
		if len(f) < 2 || f[1] != parent {
			continue
		}
		if n, err := highWater(filepath.Base(filepath.Dir(file))); err == nil {
			peak = max(peak, n)
		}
	}
	return peak
}

// usageOf is what an ended child used. Its memory is at least that of this process when it started the child.
func usageOf(cmd *exec.Cmd) (cpu time.Duration, peak int64) {
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		peak = u.Maxrss << 10
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), peak
}

// memory of this machine, in bytes.
func memory() int64 {
	n, err := kilobytes("/proc/meminfo", "MemTotal:")
	if err != nil {
		return 0
	}
	return n
}
