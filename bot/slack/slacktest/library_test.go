package slacktest

import (
	"testing"

	slackapi "github.com/slack-go/slack"
)

// TestWhatTheLibrarySends: blocks and fields as slack-go writes them pass the checks and the
// schema, empty settings and all.
func TestWhatTheLibrarySends(t *testing.T) {
	s, w, api := town(t)
	bold := &slackapi.RichTextSectionTextStyle{Bold: true}
	part := func(list ...slackapi.RichTextSectionElement) *slackapi.RichTextSection {
		return slackapi.NewRichTextSection(list...)
	}
	text := func(s string) slackapi.RichTextSectionElement {
		return slackapi.NewRichTextSectionTextElement(s, nil)
	}
	press := slackapi.NewButtonBlockElement("log", "log 5 km", plain("Log"))
	press.Style = slackapi.StylePrimary
	quiet := plain("quiet")
	message := []slackapi.Block{
		slackapi.NewHeaderBlock(plain("This week")),
		slackapi.NewSectionBlock(nil, []*slackapi.TextBlockObject{plain("done"), slackapi.NewTextBlockObject(slackapi.MarkdownType, "*5* of 7", false, true)}, nil),
		slackapi.NewSectionBlock(plain("with a button"), nil, slackapi.NewAccessory(slackapi.NewButtonBlockElement("more", "more", plain("More")))),
		slackapi.NewContextBlock("", quiet),
		slackapi.NewDividerBlock(),
		slackapi.NewActionBlock("", press, slackapi.NewButtonBlockElement("", "", plain("Nothing"))),
		slackapi.NewImageBlock("https://example.com/a.png", "a line", "", plain("Pace")),
		slackapi.NewRichTextBlock("",
			part(text("in "), slackapi.NewRichTextSectionChannelElement("C1", nil), slackapi.NewRichTextSectionTextElement(" <b>", bold), slackapi.NewRichTextSectionLinkElement("https://example.com", "here", nil)),
			slackapi.NewRichTextList(slackapi.RTEListBullet, 0, part(text("one")), part(text("two"))),
			&slackapi.RichTextPreformatted{Type: slackapi.RTEPreformatted, Elements: []slackapi.RichTextSectionElement{text("a  b")}},
		),
		&slackapi.TableBlock{Type: slackapi.MBTTable,
			Rows: [][]slackapi.TableCell{
				{slackapi.NewTableRawTextCell("who"), slackapi.NewTableRichTextCell(part(slackapi.NewRichTextSectionTextElement("how much", bold)))},
				{slackapi.NewTableRawTextCell("ada"), slackapi.NewTableRawTextCell("5")},
			},
			ColumnSettings: []slackapi.ColumnSetting{{Align: slackapi.ColumnAlignmentLeft, IsWrapped: true}, {Align: slackapi.ColumnAlignmentRight}},
		},
	}
	if _, _, err := api.PostMessage("C1", slackapi.MsgOptionText("hello", false), slackapi.MsgOptionBlocks(message...)); err != nil {
		t.Error(err)
	}

	option := slackapi.NewOptionBlockObject("week", plain("A week"), plain("from Monday"))
	select1 := slackapi.NewOptionsSelectBlockElement(slackapi.OptTypeStatic, plain("Choose"), "a3", option)
	select1.InitialOption = option
	number := slackapi.NewNumberInputBlockElement(plain("5"), "a2", true)
	number.MinValue, number.MaxValue, number.InitialValue = "0", "99.5", "7"
	date := slackapi.NewDatePickerBlockElement("a4")
	date.InitialDate = "2026-11-22"
	clock := slackapi.NewTimePickerBlockElement("a5")
	clock.InitialTime = "09:00"
	long := slackapi.NewPlainTextInputBlockElement(plain("What happened?"), "a1")
	long.Multiline, long.MaxLength, long.InitialValue = true, 3000, "so far"
	fields := []slackapi.Block{slackapi.NewContextBlock("error", plain("That did not work."))}
	for i, e := range []slackapi.BlockElement{
		long, number, select1, date, clock, slackapi.NewRadioButtonsBlockElement("a6", option), slackapi.NewCheckboxGroupsBlockElement("a7", option),
	} {
		fields = append(fields, slackapi.NewInputBlock(string(rune('a'+i)), plain("Label"), plain("Hint"), e).WithOptional(i%2 == 0))
	}
	form := modal("Log", fields...)
	form.Close, form.CallbackID, form.PrivateMetadata, form.NotifyOnClose = plain("Not now"), "form", "{}", true
	if _, err := api.OpenView(triggerFor(w, "U1"), form); err != nil {
		t.Error(err)
	}
	home := slackapi.HomeTabViewRequest{Type: slackapi.VTHomeTab, Blocks: slackapi.Blocks{BlockSet: message[:len(message)-1]}}
	if _, err := api.PublishView("U1", home, ""); err != nil {
		t.Error(err)
	}
	if parts, err := blockSchema(); err != nil {
		t.Error(err)
	} else if parts == nil {
		t.Skip("the schema is not there: only our own limits were held against it")
	}
	if n := len(s.Calls()); n != 3 {
		t.Errorf("%d calls, want 3", n)
	}
}
