package storagetest_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"payoff/storage/kv"
	"payoff/storage/storagetest"
)

const faultVariable = "STORAGETEST_FAULT"

// TestMemory runs the suite on a driver that is right, or, in a process that TestFaults
// has started, on one that is not.
func TestMemory(t *testing.T) {
	p := &places{disks: map[string]*disk{}}
	storagetest.Run(t, func(_ *testing.T, place string) kv.Driver {
		return p.open(place, os.Getenv(faultVariable))
	})
}

// TestFaults shows that the suite can fail: each fault is found, and by the test that is there for it.
func TestFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a process for each fault")
	}
	for fault, test := range map[string]string{
		"delete must find":    "GetSetDelete",
		"nil is empty":        "GetSetDelete",
		"empty is nil":        "EmptyValue",
		"keeps memory":        "MemoryReused",
		"cuts large values":   "LargeValue",
		"no limits":           "Limits",
		"sorts as text":       "Order",
		"zero ends keys":      "Order",
		"never reverses":      "Order",
		"hi included":         "Ranges",
		"lo excluded":         "Ranges",
		"empty hi has no end": "Ranges",
		"never stops":         "Ranges",
		"blind get":           "OwnWrites",
		"blind scan":          "OwnWrites",
		"no rollback":         "Error",
		"wraps errors":        "Error",
		"swallows panics":     "Panic",
		"loses updates":       "Increments",
		"live view":           "Snapshot",
		"outlives":            "EndedTransaction",
		"view writes":         "EndedTransaction",
		"ignores context":     "CancelledContext",
		"opens again":         "Closed",
		"closes once":         "Closed",
		"does not wait":       "CloseWaits",
		"forgets":             "Reopen",
		"shares places":       "Reopen",
		"leaks":               "Goroutines",
	} {
		t.Run(strings.ReplaceAll(fault, " ", "-"), func(t *testing.T) {
			t.Parallel()
			found(t, fault, test)
			if strings.Contains("blind get blind scan no rollback never reverses hi included forgets empty is nil", fault) {
				found(t, fault, "Model")
			}
		})
	}
}

// found runs one test of the suite with a fault, and fails when that test does not.
func found(t *testing.T, fault, test string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestMemory$/^"+test+"$", "-rapid.nofailfile", "-rapid.shrinktime=0s")
	cmd.Env = append(os.Environ(), faultVariable+"="+fault)
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "--- FAIL: TestMemory/"+test) {
		t.Errorf("%s passes with a driver that %s: %v\n%s", test, fault, err, out)
	}
}
