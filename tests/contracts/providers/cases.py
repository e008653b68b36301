"""Texts that every provider has to take, whatever they look like."""

HOSTILE = {
    "shell": "'; rm -rf / #",
    "ffmpeg": "[in]scale=1920:-1,drawtext=text='x':fontfile=/etc/passwd[out];concat:a|b",
    "ass": "{\\an8\\b1}Bonjour\\Nle monde{\\r}",
    "html": "<script>alert(1)</script> <speak><break time='9s'/></speak>",
    "template": "{core} {subject} {0} %s %(name)s ${x}",
    "emoji": "🎂🎈👨‍👩‍👧‍👦 ❤️ 🇫🇷",
    "punctuation": "?!… --- «»",
    "control": "Hi\x00 there\x07\x1b[31m \u202ereversed\u202c \ufeff",
    "word": "Soleil",
    "shouting": "HAPPY BIRTHDAY TO THE BEST MOM IN THE WHOLE WORLD!!!",
    "url": "https://example.com/a?b=c&d=e#f",
    "long word": "a" * 2_000,
    "long": "Un chat marche sur la plage et regarde la mer. " * 42,
    "newlines": "Un\n\n\nchat\r\n\tsur la\nplage",
    "arabic": "عيد ميلاد سعيد يا صديقي العزيز، كل عام وأنت بخير!",
    "mixed": "Un café à 北京 avec Иван and محمد, ok?",
    "numbers": "Le 14/07/2025 à 15h30 : 1 234,50 € (+12 %)",
}
"""Name → text of at most 2,000 characters."""
