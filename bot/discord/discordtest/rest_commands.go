package discordtest

import (
	"encoding/json"
	"strconv"
)

// getCommands is GET /applications/{application}/commands.
func getCommands(q *request) (any, *refusal) {
	if refused := q.known("with_localizations"); refused != nil {
		return nil, refused
	}
	return q.d.commandsJSON(), nil
}

// putCommands is PUT /applications/{application}/commands: what is not among them is gone, and
// what keeps its name and type keeps its id.
func putCommands(q *request) (any, *refusal) {
	var raw []json.RawMessage
	if refused := q.decode(&raw); refused != nil {
		return nil, refused
	}
	k := &checker{}
	list := make([]Command, len(raw))
	for i, one := range raw {
		if err := json.Unmarshal(one, &list[i]); err != nil {
			k.add(strconv.Itoa(i), "DICT_TYPE_CONVERT", "%v", err)
			continue
		}
		list[i].JSON = one
		if list[i].Type == 0 {
			list[i].Type = typedCommand
		}
		list[i].ID = q.d.nextID()
		for _, old := range q.d.commands {
			if old.Type == list[i].Type && old.Name == list[i].Name {
				list[i].ID = old.ID
			}
		}
	}
	k.commands(list)
	if refused := k.refusal(); refused != nil {
		return nil, refused
	}
	q.d.commands = list
	return q.d.commandsJSON(), nil
}

// commandsJSON are the commands as Discord tells them: permissions come as text, however they
// were sent.
func (d *Discord) commandsJSON() []object {
	all := []object{}
	for _, c := range d.commands {
		o := object{
			"contexts": nil, "default_member_permissions": nil, "description": "", "dm_permission": true, "integration_types": []int{0}, "nsfw": false,
		}
		// It was decoded before.
		_ = json.Unmarshal(c.JSON, &o)
		if c.Permissions != "" {
			o["default_member_permissions"] = c.Permissions.String()
		}
		o["id"], o["application_id"], o["version"], o["type"] = c.ID, applicationID, c.ID, c.Type
		all = append(all, o)
	}
	return all
}
