package bot

import "strings"

// zoneOf guesses the zone of a person from their language, where a platform tells no more of
// them: that of most who speak it. It is "" for a language that is spoken all over the world, or
// that nobody here has heard of.
func zoneOf(locale string) string {
	if zone, ok := localeZones[locale]; ok {
		return zone
	}
	language, _, _ := strings.Cut(locale, "-")
	return localeZones[language]
}

// localeZones holds every locale of Discord, which names most by their language alone, and those
// of English and French that other platforms tell apart.
var localeZones = map[string]string{
	"en-GB": "Europe/London", "en-US": "America/New_York", "en-AU": "Australia/Sydney", "en-CA": "America/Toronto",
	"en-IE": "Europe/Dublin", "en-IN": "Asia/Kolkata", "en-NZ": "Pacific/Auckland", "en-ZA": "Africa/Johannesburg",
	"es-ES": "Europe/Madrid", "es-419": "America/Mexico_City", "es": "Europe/Madrid",
	"fr": "Europe/Paris", "fr-CA": "America/Toronto", "pt": "Europe/Lisbon", "pt-BR": "America/Sao_Paulo",
	"zh-CN": "Asia/Shanghai", "zh-TW": "Asia/Taipei",
	"bg": "Europe/Sofia", "cs": "Europe/Prague", "da": "Europe/Copenhagen", "de": "Europe/Berlin", "el": "Europe/Athens",
	"fi": "Europe/Helsinki", "hi": "Asia/Kolkata", "hr": "Europe/Zagreb", "hu": "Europe/Budapest", "id": "Asia/Jakarta",
	"it": "Europe/Rome", "ja": "Asia/Tokyo", "ko": "Asia/Seoul", "lt": "Europe/Vilnius", "nl": "Europe/Amsterdam",
	"no": "Europe/Oslo", "pl": "Europe/Warsaw", "ro": "Europe/Bucharest", "ru": "Europe/Moscow", "sv": "Europe/Stockholm",
	"th": "Asia/Bangkok", "tr": "Europe/Istanbul", "uk": "Europe/Kyiv", "vi": "Asia/Ho_Chi_Minh",
}
