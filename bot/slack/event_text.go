package slack

import (
	"strings"

	"payoff/bot/chat"
)

// spelled undoes Slack's escaping of text, each entity once.
// https://docs.slack.dev/messaging/formatting-message-text#escaping
var spelled = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")

// typedText is a message's or a command's text as its person typed it: entities resolved,
// links as they were written, people and rooms by their names.
//
// A bare "<" is always Slack's own, since one that was typed comes as an entity; what stands
// behind it and is none of Slack's forms is kept all the same.
func typedText(s string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(s, "<")
		out.WriteString(spelled.Replace(before))
		if !found {
			return out.String()
		}
		words, known := "", false
		end := strings.IndexAny(rest, "<>") // none of Slack's forms holds another
		if end >= 0 && rest[end] == '>' {
			words, known = linkWords(rest[:end])
		}
		if !known {
			out.WriteByte('<')
			s = rest
			continue
		}
		out.WriteString(spelled.Replace(words))
		s = rest[end+1:]
	}
}

// linkWords is what a person typed for Slack to make <inner> of it.
func linkWords(inner string) (words string, known bool) {
	target, label, labelled := strings.Cut(inner, "|")
	if target == "" {
		return "", false
	}
	mark, name := target[:1], target[1:]
	switch mark {
	case "@", "#":
		if name == "" {
			return "", false
		}
		if label == "" {
			label = name
		}
		return mark + strings.TrimPrefix(label, mark), true
	case "!":
		return special(name, label)
	}
	if !isLink(target) {
		return "", false
	}
	if labelled && label != "" {
		return label, true
	}
	return target, true
}

// special is a mention of many, or a date.
func special(name, label string) (words string, known bool) {
	kind, rest, _ := strings.Cut(name, "^")
	switch {
	case kind == "":
		return "", false
	case kind == "date" && label != "":
		return label, true
	case kind == "subteam" && label == "":
		return "@" + rest, true
	case label != "":
		return "@" + strings.TrimPrefix(label, "@"), true
	}
	return "@" + kind, true
}

func isLink(target string) bool {
	return strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") || strings.HasPrefix(target, "tel:")
}

// commandLine is a slash command as a line that command.Find reads: "log 2h BNI". Every
// command is also reached below /payoff.
func commandLine(slash, text string) chat.Typed {
	name := strings.TrimPrefix(slash, "/")
	text = strings.TrimSpace(typedText(text))
	switch {
	case name == "payoff":
		return chat.Typed{Text: text}
	case text == "":
		return chat.Typed{Text: name}
	}
	return chat.Typed{Text: name + " " + text}
}
