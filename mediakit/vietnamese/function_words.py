"""Small words of Vietnamese that decide what belongs together: links, classifiers, auxiliaries, closing words.

All are folded (`vietnamese.normal.fold`), as what they are compared with must be.
"""

from __future__ import annotations

from mediakit.vietnamese.normal import fold


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(word) for word in text.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(fold(" ".join(phrase.split())) for phrase in text.split(","))


#: Conjunctions and prepositions: a break before them is good, after them it leaves them hanging.
CONJUNCTIONS = _words("và nhưng vì nếu mà thì hoặc hay nên tuy song nhằm rằng để do bởi khi dù chứ khiến kể")
#: Those that are so as the first syllable of a longer word, too: `nhưng mà`, `bởi vì`.
STRONG = _words("nhưng vì nếu bởi dù mặc khiến")
PREPOSITIONS = _words("của trong với tại theo từ bằng giữa như nhờ")
#: Prepositions that are verbs as often: it depends on what they are here.
DIRECTIONS = _words("về cùng đến tới trên dưới ngoài cho qua ở vào lên ra xuống khỏi sang trước sau")
LINKS = CONJUNCTIONS | PREPOSITIONS | DIRECTIONS

#: Two small words that are one.
SET_PHRASES = _phrases(
    """so với, đối với, cùng với, kể từ, kể cả, chỉ trong, chỉ từ, chỉ với, ngay trong, ngay từ, ngay tại, ngay khi,
    ngay sau, ngay cả, sau khi, trước khi, trong khi, cho đến, cho tới, lên tới, lên đến, dẫn đến, tùy theo, gần như,
    cũng như, cho rằng, nhưng mà, đổi số, thế nhưng, vì vậy, do đó, bởi vì, mặc dù, hơn nữa, ngoài ra,
    trở lên, trở lại"""
)

#: Words that belong to what follows: classifiers, titles, counters, determiners, auxiliaries, negations.
BINDS_RIGHT = _words(
    """ông bà anh chị em cô chú bác ngài cụ khoảng hơn gần những một mỗi mọi từng các cái con chiếc cuộc sự việc nền bộ
    đã đang sẽ vừa mới không chưa chẳng được bị phải cần có là rất vẫn cũng đều cả toàn hàng nhiều ít hãy đừng xin cứ
    cách thưa vị"""
)
#: Nouns that bind a name, a number or another noun: `huyện Vũ Thư`, `sông Hồng`, `năm học`.
BIND_NOUNS = _words("tỉnh huyện xã phường quận thôn làng phố đường sông núi ngày tháng năm quý số thứ lần")
TITLES = _phrases(
    "bí thư, chủ tịch, giám đốc, bộ trưởng, thứ trưởng, đại biểu, phó, trưởng, viện trưởng, chánh, đồng chí, cục trưởng"
)

#: Words that close what stands before them, and begin no line.
BINDS_LEFT = _words("này kia ấy đó đấy nay nào đâu lắm quá nhất nữa rồi nhau luôn mãi hẳn thôi nhé ạ à")
#: Those that do so after a verb, unless a verb follows: `gặt được 68.000 ha`, but `được giao`.
AFTER_VERBS = _words("được lại ngay hơn mới còn lên xuống ra vào đi về thêm xong hết")

#: Auxiliaries and negations: what stands before them is a subject, and a break there parts it from its predicate.
PREDICATE = _words(
    "đã đang sẽ vừa mới phải cần có là vẫn cũng đều không chưa chẳng bị được hãy xin cứ đừng nên lại rất"
)
#: Those that begin a predicate after a verb, too.
TENSES = _words("đã đang sẽ vừa là")
#: Pronouns that are a verb's subject, which the guide keeps with their verb.
SUBJECTS = _words("tôi ta mình nó họ hắn y anh chị em cháu con ông bà cô chú bác ai gì chúng tớ")
#: Nouns after which such a pronoun tells whose they are: `gia đình | em`.
BELONGING = _phrases(
    "gia đình, nhà, xã, thôn, làng, huyện, tỉnh, trường, lớp, cơ quan, đơn vị, công ty, bà con, quê, nước"
)
#: Verbs (and `mục tiêu`) after which a clause of its own begins.
REPORTS = _phrases(
    """cảnh báo, cho biết, khẳng định, đề nghị, yêu cầu, lo ngại, quyết định, nhấn mạnh, khuyến cáo, dự báo, thông báo,
    kêu gọi, nói, hy vọng, mong, đề xuất, kiến nghị, chỉ đạo, phát biểu, thừa nhận, cho rằng, tin, nghĩ, thấy, mục tiêu,
    cho hay, giải thích, chia sẻ, bày tỏ, báo cáo, giao, nhận định, đánh giá"""
)

NUMBER_WORDS = _words(
    "một hai ba bốn tư năm lăm sáu bảy bẩy tám chín mười mươi mốt trăm nghìn ngàn triệu tỷ tỉ linh lẻ phẩy phần"
)
#: Before a number: about so many.
ABOUT = _words("hơn gần khoảng trên dưới chừng cỡ")
#: After these a number is a name, not an amount: `năm 2021`, `lớp một`.
ORDINALS = _words("năm ngày tháng quý số thứ lớp cấp phút hạng khóa hiệp vòng quận tuổi")

#: First syllables of offices' names.
OFFICES = _words(
    """ủy hội sở bộ ban cục vụ viện trung trường đại học công tập tòa đoàn liên mặt văn chi phòng đảng huyện tỉnh thành
    bảo ngân bệnh quỹ hợp đài tổng thường bí chủ giám cảnh quân nhà thanh kho hạt"""
)
