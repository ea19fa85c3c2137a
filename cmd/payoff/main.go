// Command payoff is the program: a chat bot that keeps small-business owners accountable to
// a revenue figure, with its database, its local workspace and the tools to look after both.
//
// It only wires. Every rule lies in goals, every use case in goals/engine, every word said in
// chat in bot. What is here is what belongs to a process: flags and environment, signals,
// exit codes, files, the network, and the order in which all of it is stopped.
//
// What holds:
//   - Exit code 0 is done, 1 is failed, 2 is misuse; what went wrong is one sentence on
//     standard error, and what was asked for is all that stands on standard output.
//   - Only serve, demo, import and restore make a database where there is none.
//   - A file that is replaced (backup, export, restore) is written beside its place, synced
//     and renamed, so that it is either the old one or the new one, whole.
//   - No secret is a flag, and none is printed.
package main

import (
	"os"
	_ "time/tzdata" // zones are known on every machine, also in an empty container
)

func main() { os.Exit(run(os.Args[1:])) }
