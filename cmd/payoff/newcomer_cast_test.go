package main_test

// A trader is someone in the pictures of the README: what they say on getting started, what
// they log in each of eight weeks, and what they keep of what they promise. Sam's last week is typed
// in the page.
type trader struct {
	id, name string
	start    map[string]string // the form of the beginning, by field
	weeks    []string          // lines logged on Thursday; a week without any is a quiet one
	kept     []string          // how what was promised a week before went, by week
	sure     string
}

// promises are made at the check-ins, in turn.
var promises = []string{"Ring ten old clients", "Ask two regulars for a referral", "Follow up every open quote"}

// cast is the team. Sam, whose workspace the pictures show, comes first.
var cast = []trader{
	{
		id: "sam", name: "Sam",
		start: map[string]string{"goal": "£36k next 12 weeks", "customer": "Family restaurants within an hour's drive",
			"social": "LinkedIn", "networking": "BNI", "direct": "cold calls", "worth": "£40"},
		weeks: []string{
			"BNI 2h £15 5 contacts 2 conversations Tue\nLinkedIn 90m 3 convos\ncold calls 1h 12 contacts 2 conversations",
			"BNI 2h £15 3 contacts 3 conversations 1 qualified Tue\nwon £1,850 BNI\nLinkedIn 2h 6 contacts 2 convos",
			"1-2-1 with Priya, BNI, 1h, 1 referral given Tue\ncold calls 2h 20 contacts 5 conversations 2 qualified\nwon £2,400 cold calls yesterday",
			"LinkedIn 3h 8 contacts 4 convos 1 qualified\nwon £1,700 BNI Mon",
			"BNI 2h £15 4 contacts 3 conversations 2 qualified Tue\ncold calls 90m 15 contacts 4 conversations 2 qualified\nwon 2 deals £3,200 from BNI",
			"BNI 2h £15 2 contacts 2 conversations Tue\nwon £4,600 cold calls\nLinkedIn 1h 2 convos",
			"cold calls 2h 18 contacts 6 conversations 3 qualified\nwon £3,900 cold calls Mon\nLinkedIn 45m 1 convo",
		},
		kept: []string{"", "kept", "partly", "kept", "kept", "missed", "kept"}, sure: "at risk",
	},
	{
		id: "marta", name: "Marta",
		start: map[string]string{"goal": "£54k next 12 weeks", "customer": "Factories with 20 to 100 people",
			"social": "LinkedIn", "direct": "cold calls", "worth": "£75"},
		weeks: []string{
			"cold calls 4h 30 contacts 8 conversations 3 qualified", "cold calls 3h 25 contacts 6 conversations 2 qualified\nwon £9,500 cold calls",
			"cold calls 4h 28 contacts 7 conversations 3 qualified\nLinkedIn 1h 2 convos", "won £7,200 cold calls\ncold calls 2h 14 contacts 5 conversations 2 qualified",
			"won £6,800 cold calls\ncold calls 3h 22 contacts 6 conversations", "cold calls 3h 20 contacts 7 conversations 3 qualified\nwon £8,900 cold calls",
			"won £9,400 cold calls\ncold calls 2h 12 contacts 3 conversations", "cold calls 3h 21 contacts 4 conversations 1 qualified",
		},
		kept: []string{"", "kept", "kept", "kept", "partly", "kept", "kept"}, sure: "on track",
	},
	{
		id: "priya", name: "Priya",
		start: map[string]string{"goal": "£24k next 12 weeks", "customer": "Charities that need a new website",
			"social": "Instagram", "networking": "Chamber breakfast", "worth": "£50"},
		weeks: []string{
			"Instagram 6h 40 contacts 3 convos", "Instagram 5h 35 contacts 2 convos\nwon £1,200 Chamber breakfast\nChamber breakfast 2h £18 4 contacts",
			"Instagram 7h 50 contacts 4 convos 1 qualified", "Chamber breakfast 2h £18 5 contacts 3 conversations 2 qualified\nwon £3,600 Chamber breakfast",
			"Instagram 4h 20 contacts 1 convo\nwon £2,400 Chamber breakfast", "Chamber breakfast 2h £18 3 contacts 2 conversations 1 qualified\nwon £3,900 Chamber breakfast",
			"Instagram 2h 10 contacts\nwon £4,300 Chamber breakfast\nChamber breakfast 3h £18 4 contacts 2 conversations",
			"Instagram 2h 12 contacts 1 convo\nwon £1,150 Chamber breakfast",
		},
		kept: []string{"", "partly", "missed", "kept", "kept", "partly", "kept"}, sure: "on track",
	},
	{
		id: "tom", name: "Tom",
		start: map[string]string{"goal": "£60k next 12 weeks", "customer": "Pubs and kitchens within ten miles",
			"networking": "word of mouth", "direct": "market stall", "worth": "£25"},
		weeks: []string{
			"takings £2,900 market stall\nmarket stall 6h £40\nword of mouth 2h 3 contacts", "takings £3,100 market stall\nmarket stall 6h £40\nword of mouth 1 referral received",
			"won £6,400 word of mouth\nword of mouth 2h", "takings £3,300 market stall\nmarket stall 6h £40", "won £7,800 word of mouth\nword of mouth 3h 2 one-to-ones",
			"takings £3,000 market stall\nmarket stall 6h £40", "won £8,600 word of mouth\nword of mouth 3h\nword of mouth 1 referral given",
			"takings £3,200 market stall\nmarket stall 6h £40",
		},
		kept: []string{"", "kept", "missed", "kept", "partly", "partly", "missed"}, sure: "at risk",
	},
	{
		id: "dev", name: "Dev",
		start: map[string]string{"goal": "£15k next 12 weeks", "customer": "Couples who marry within a year",
			"social": "Instagram", "networking": "wedding fairs", "worth": "£35"},
		weeks: []string{
			"Instagram 5h 60 contacts 4 convos", "wedding fairs 8h £120 25 contacts 9 conversations 2 qualified", "won £2,400 wedding fairs",
			"", "Instagram 4h 30 contacts 2 convos", "won £3,100 wedding fairs\nwedding fairs 2h", "Instagram 3h 20 contacts 2 convos",
			"won £1,300 wedding fairs",
		},
		kept: []string{"", "missed", "partly", "", "missed", "partly", "kept"}, sure: "off track",
	},
}
