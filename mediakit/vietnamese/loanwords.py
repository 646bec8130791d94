"""Foreign words and brands that Vietnamese newspapers print as abroad and speakers say in Vietnamese syllables."""

from __future__ import annotations

from collections.abc import Mapping

from mediakit.vietnamese.abbreviations import read_table

_WORDS = """
internet: in tơ nét
video: vi đê ô | vi đi ô
clip: cờ líp | líp
camera: ca mê ra
website: oép sai | goép sai
web: oép | goép
wifi: oai phai
wi-fi: oai phai
email: i meo | y meo
e-mail: i meo | y meo
online: on lai
offline: óp lai
fanpage: phan pếch | phen pết
page: pếch
blog: bờ lốc
livestream: lai xờ trim | lai trim
smartphone: xờ mát phôn | mát phôn
laptop: láp tóp
robot: rô bốt
drone: đờ rôn
flycam: phờ lai cam
startup: xờ tát ắp | tát ắp
start-up: xờ tát ắp | tát ắp
logo: lô gô
slogan: xờ lô gần | lô gần
photo: phô tô
taxi: tắc xi
container: công te nơ
karaoke: ca ra ô kê
radio: ra đi ô
marathon: ma ra tông
festival: phét ti van | phét xờ ti van
golf: gôn
game: ghêm
vaccine: vắc xin
vaccin: vắc xin
virus: vi rút
oxy: ô xy
protein: prô tê in
vitamin: vi ta min
logistics: lô gi tích | lô gít tích
resort: ri sót | rì sọt
homestay: hôm xờ tay | hôm tay
show: sâu
gala: ga la
canada: ca na đa
euro: ơ rô
dollar: đô la
singapore: xinh ga po | sing ga po
malaysia: ma lai xi a
indonesia: in đô nê xi a
campuchia: cam pu chia
australia: ô xtrây li a | úc
omicron: ô mi cờ rôn
delta: đen ta
ipv4: ai pi vê bốn | i pê vê bốn | ai pi vi bốn
ipv6: ai pi vê sáu | i pê vê sáu | ai pi vi sáu
"""

_BRANDS = """
facebook: phây búc | phết búc
zalo: da lô | gia lô
youtube: diu túp | iu túp
tiktok: tích tốc
google: gu gồ | gút gồ
gmail: gờ meo | gi meo
messenger: mét sen giơ
viber: vai bơ
twitter: tuýt tơ
instagram: in sờ ta gam | in ta gam
microsoft: mai cờ rô xóp | mi cờ rô xóp
windows: uyn đâu
apple: ép pồ
iphone: ai phôn
ipad: ai pát
android: an đờ roi
samsung: sam sung
viettel: viết teo | viết ten
vinaphone: vi na phôn
mobifone: mô bi phôn
vingroup: vin gờ rúp | vin rúp
vinfast: vin phát
vietgap: việt gáp
globalgap: gờ lô ban gáp
vneid: vi en i ai đi | vê nờ e i đê
vssid: vi ét ét ai đi | vê ét ét i đê
vietcombank: việt com banh | việt com băng
vietinbank: việt tin banh | việt tin băng
agribank: a gờ ri banh | ác ri banh
honda: hôn đa
toyota: tô y ô ta
pfizer: phai dơ
astrazeneca: át tra dê nê ca
moderna: mô đéc na
"""

#: Folded word to what is said, the usual way first.
LOANWORDS: Mapping[str, tuple[str, ...]] = {**read_table(_WORDS), **read_table(_BRANDS)}
