package bot

import (
	"context"
	"slices"

	"payoff/bot/chat"
	"payoff/bot/command"
)

// An entry is a command and what runs it.
type entry struct {
	command.Spec
	open bool // may be run before getting started
	raw  bool // what follows its name is a text that somebody wrote, of any length
	run  func(*Bot, context.Context, *call) (chat.Reply, error)
}

// table declares every command once. Adapters, help and the README's reference follow from it.
func table() []entry {
	return slices.Concat(startCommands(), homeCommands(), goalCommands(), logCommands(), logThisCommands(), checkInCommands(), reportCommands(), whatIfCommands(), leaderboardCommands(),
		channelCommands(), teamCommands(), linkCommands(), selfCommands(), zoneCommands(), reachCommands(), helpCommands())
}

// Specs is every command that a person can type.
func Specs() []command.Spec {
	return slices.DeleteFunc(specsOf(table()), func(s command.Spec) bool { return s.Hidden })
}

// AllSpecs is every command, those of buttons, forms and shortcuts included: what an adapter
// needs that must know beforehand which of them open a form.
func AllSpecs() []command.Spec { return specsOf(table()) }

func specsOf(entries []entry) []command.Spec {
	specs := make([]command.Spec, len(entries))
	for i, e := range entries {
		specs[i] = e.Spec
	}
	return specs
}

func (b *Bot) entry(name string) *entry {
	for i := range b.table {
		if b.table[i].Name == name {
			return &b.table[i]
		}
	}
	return nil
}
