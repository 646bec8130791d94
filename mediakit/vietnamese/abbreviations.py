"""Abbreviations, units and letters as they are said in Vietnamese public life, where no article explains them."""

from __future__ import annotations

from collections.abc import Mapping


def read_table(text: str) -> dict[str, tuple[str, ...]]:
    """What is written to what is said, the usual way first, from lines of `written: said | said otherwise`.

    >>> read_table("tp: thành phố")
    {'tp': ('thành phố',)}
    """
    pairs = (line.split(": ", 1) for line in text.strip().splitlines() if line.strip())
    return {written.strip(): tuple(way.strip() for way in said.split("|")) for written, said in pairs}


_STATE = """
ubnd: ủy ban nhân dân | ủy ban
hđnd: hội đồng nhân dân | hội đồng
hđnd-ubnd: hội đồng nhân dân ủy ban nhân dân
mttq: mặt trận tổ quốc | mặt trận
mttqvn: mặt trận tổ quốc việt nam
ubmttq: ủy ban mặt trận tổ quốc
ubmttqvn: ủy ban mặt trận tổ quốc việt nam
ubkt: ủy ban kiểm tra
btv: ban thường vụ | biên tập viên
bch: ban chấp hành | bộ chỉ huy
bchtw: ban chấp hành trung ương
bchtư: ban chấp hành trung ương
bcđ: ban chỉ đạo
btc: ban tổ chức | bộ tài chính
bgh: ban giám hiệu
đcsvn: đảng cộng sản việt nam
lhq: liên hợp quốc
ubtvqh: ủy ban thường vụ quốc hội
ubatgt: ủy ban an toàn giao thông
ctn: chủ tịch nước
tgđ: tổng giám đốc
tbt: tổng bí thư | tổng biên tập
cbql: cán bộ quản lý
tcvn: tiêu chuẩn việt nam
bql: ban quản lý
hđqt: hội đồng quản trị
tw: trung ương
t.ư: trung ương
tư: trung ương
tu: tỉnh ủy | thành ủy
t.u: tỉnh ủy | thành ủy
hu: huyện ủy
qh: quốc hội | quy hoạch
đbqh: đại biểu quốc hội
cp: chính phủ | cổ phần
ttg: thủ tướng
ttcp: thủ tướng chính phủ
vpcp: văn phòng chính phủ
ct: chủ tịch | chỉ thị | chương trình | công ty
pct: phó chủ tịch
gđ: giám đốc | giai đoạn | gia đình
pgđ: phó giám đốc
cbcc: cán bộ công chức
ccvc: công chức viên chức
cbccvc: cán bộ công chức viên chức
cb,cc,vc: cán bộ công chức viên chức
cnvc: công nhân viên chức
cnvclđ: công nhân viên chức lao động
cnlđ: công nhân lao động
nlđ: người lao động
nsdlđ: người sử dụng lao động
lđlđ: liên đoàn lao động
tlđlđ: tổng liên đoàn lao động
tnhh: trách nhiệm hữu hạn
tnhhmtv: trách nhiệm hữu hạn một thành viên
mtv: một thành viên
cty: công ty
ctcp: công ty cổ phần
dntn: doanh nghiệp tư nhân
dnnn: doanh nghiệp nhà nước
dnnvv: doanh nghiệp nhỏ và vừa
dn: doanh nghiệp
htx: hợp tác xã
qđ: quyết định | quân đội
nq: nghị quyết
nđ: nghị định
nđ-cp: nghị định chính phủ
tt: thông tư | trung tâm | thị trấn | thông tin | thứ tự
ttlt: thông tư liên tịch
tt-btttt: thông tư bộ thông tin và truyền thông
kh: kế hoạch | khoa học
kl: kết luận
hd: hướng dẫn
tb: thông báo | thương binh
bc: báo cáo
cv: công văn
đa: đề án
btttt: bộ thông tin và truyền thông
bgdđt: bộ giáo dục và đào tạo
btnmt: bộ tài nguyên và môi trường
bnv: bộ nội vụ
byt: bộ y tế
bct: bộ công thương | bộ chính trị
bxd: bộ xây dựng
bkhđt: bộ kế hoạch và đầu tư
bnnptnt: bộ nông nghiệp và phát triển nông thôn
bnn&ptnt: bộ nông nghiệp và phát triển nông thôn
bgtvt: bộ giao thông vận tải
bkhcn: bộ khoa học và công nghệ
blđtbxh: bộ lao động thương binh và xã hội
bvhttdl: bộ văn hóa thể thao và du lịch
bqp: bộ quốc phòng
bca: bộ công an
tttt: thông tin và truyền thông | thông tin truyền thông
tt&tt: thông tin và truyền thông | thông tin truyền thông
gdđt: giáo dục và đào tạo | giáo dục đào tạo
gd&đt: giáo dục và đào tạo | giáo dục đào tạo
gd-đt: giáo dục đào tạo | giáo dục và đào tạo
nnptnt: nông nghiệp và phát triển nông thôn
nn&ptnt: nông nghiệp và phát triển nông thôn
nn-ptnt: nông nghiệp phát triển nông thôn | nông nghiệp và phát triển nông thôn
tnmt: tài nguyên và môi trường | tài nguyên môi trường
tn&mt: tài nguyên và môi trường | tài nguyên môi trường
tn-mt: tài nguyên môi trường | tài nguyên và môi trường
khcn: khoa học công nghệ | khoa học và công nghệ
kh&cn: khoa học và công nghệ | khoa học công nghệ
kh-cn: khoa học công nghệ | khoa học và công nghệ
khkt: khoa học kỹ thuật
khđt: kế hoạch và đầu tư | kế hoạch đầu tư
kh&đt: kế hoạch và đầu tư | kế hoạch đầu tư
kh-đt: kế hoạch đầu tư | kế hoạch và đầu tư
vhtt: văn hóa thông tin | văn hóa thể thao
vhttdl: văn hóa thể thao và du lịch
vhtt&dl: văn hóa thể thao và du lịch
vh-tt&dl: văn hóa thể thao và du lịch
vh,tt&dl: văn hóa thể thao và du lịch
lđtbxh: lao động thương binh và xã hội | lao động thương binh xã hội
lđtb&xh: lao động thương binh và xã hội | lao động thương binh xã hội
lđ-tb&xh: lao động thương binh và xã hội | lao động thương binh xã hội
lđ-tbxh: lao động thương binh xã hội | lao động thương binh và xã hội
gtvt: giao thông vận tải
gtnt: giao thông nông thôn
kbnn: kho bạc nhà nước
nhnn: ngân hàng nhà nước
nhcsxh: ngân hàng chính sách xã hội
nsnn: ngân sách nhà nước
tctd: tổ chức tín dụng
qtdnd: quỹ tín dụng nhân dân
tpcp: trái phiếu chính phủ
tand: tòa án nhân dân
tandtc: tòa án nhân dân tối cao
vksnd: viện kiểm sát nhân dân
vksndtc: viện kiểm sát nhân dân tối cao
vks: viện kiểm sát
ksnd: kiểm sát nhân dân
thads: thi hành án dân sự
csđt: cảnh sát điều tra
qlnn: quản lý nhà nước
qppl: quy phạm pháp luật
vbqppl: văn bản quy phạm pháp luật
pbgdpl: phổ biến giáo dục pháp luật
tgpl: trợ giúp pháp lý
cchc: cải cách hành chính
tthc: thủ tục hành chính
dvc: dịch vụ công
dvctt: dịch vụ công trực tuyến
pctn: phòng chống tham nhũng
cntt: công nghệ thông tin
cđs: chuyển đổi số
cpđt: chính phủ điện tử
cqđt: chính quyền điện tử | cơ quan điều tra
attt: an toàn thông tin
csdl: cơ sở dữ liệu
ttđt: thông tin điện tử
ttxvn: thông tấn xã việt nam
ptth: phát thanh truyền hình | phổ thông trung học
pt-th: phát thanh truyền hình
pt&th: phát thanh và truyền hình | phát thanh truyền hình
cmcn: cách mạng công nghiệp
"""

_SOCIETY = """
xhcn: xã hội chủ nghĩa
cnxh: chủ nghĩa xã hội
cnh: công nghiệp hóa
hđh: hiện đại hóa
cnh-hđh: công nghiệp hóa hiện đại hóa
ktxh: kinh tế xã hội
kt-xh: kinh tế xã hội
kt: kinh tế
xh: xã hội
vh-xh: văn hóa xã hội
xdcb: xây dựng cơ bản
sxkd: sản xuất kinh doanh
xnk: xuất nhập khẩu
xk: xuất khẩu
kcn: khu công nghiệp
ccn: cụm công nghiệp
kkt: khu kinh tế
kđt: khu đô thị
kdc: khu dân cư
kp: khu phố
tdp: tổ dân phố
gpmb: giải phóng mặt bằng
tđc: tái định cư
qsdđ: quyền sử dụng đất
gcn: giấy chứng nhận
bđs: bất động sản
vlxd: vật liệu xây dựng
ntm: nông thôn mới
ntmnc: nông thôn mới nâng cao
ntmkm: nông thôn mới kiểu mẫu
bvtv: bảo vệ thực vật
qlbvr: quản lý bảo vệ rừng
clb: câu lạc bộ
tttm: trung tâm thương mại
tmđt: thương mại điện tử
nhtm: ngân hàng thương mại
gtgt: giá trị gia tăng
tncn: thu nhập cá nhân
tndn: thu nhập doanh nghiệp
vat: vát | vê a tê | thuế giá trị gia tăng
dtts: dân tộc thiểu số
đbkk: đặc biệt khó khăn
ctmtqg: chương trình mục tiêu quốc gia
mtqg: mục tiêu quốc gia
xklđ: xuất khẩu lao động
ptnt: phát triển nông thôn
cnc: công nghệ cao
vhxh: văn hóa xã hội
ql: quốc lộ
tl: tỉnh lộ | tỷ lệ
ocop: ô cốp | mỗi xã một sản phẩm
tdtt: thể dục thể thao
vhvn: văn hóa văn nghệ
vhnt: văn hóa nghệ thuật
gdtx: giáo dục thường xuyên
gdnn: giáo dục nghề nghiệp
gdnn-gdtx: giáo dục nghề nghiệp giáo dục thường xuyên
thcs: trung học cơ sở
thpt: trung học phổ thông
ptdtnt: phổ thông dân tộc nội trú
ptdtbt: phổ thông dân tộc bán trú
đh: đại học | đại hội
đhqg: đại học quốc gia
cđ: cao đẳng | công đoàn
tccn: trung cấp chuyên nghiệp
sgk: sách giáo khoa
hssv: học sinh sinh viên
cbgv: cán bộ giáo viên
bhxh: bảo hiểm xã hội
bhyt: bảo hiểm y tế
bhtn: bảo hiểm thất nghiệp
bv: bệnh viện
bvđk: bệnh viện đa khoa
nxb: nhà xuất bản
ttyt: trung tâm y tế
tyt: trạm y tế
cskcb: cơ sở khám chữa bệnh
kcb: khám chữa bệnh
cssk: chăm sóc sức khỏe
attp: an toàn thực phẩm
vsattp: vệ sinh an toàn thực phẩm
atvstp: an toàn vệ sinh thực phẩm
atlđ: an toàn lao động
atvslđ: an toàn vệ sinh lao động
vsmt: vệ sinh môi trường
bvmt: bảo vệ môi trường
bđkh: biến đổi khí hậu
khhgđ: kế hoạch hóa gia đình
ds-khhgđ: dân số kế hoạch hóa gia đình
sxh: sốt xuất huyết
ca: công an
cand: công an nhân dân
qđnd: quân đội nhân dân
qđndvn: quân đội nhân dân việt nam
qk: quân khu
btl: bộ tư lệnh
bchqs: bộ chỉ huy quân sự | ban chỉ huy quân sự
bđbp: bộ đội biên phòng
llvt: lực lượng vũ trang
llvtnd: lực lượng vũ trang nhân dân
ahllvtnd: anh hùng lực lượng vũ trang nhân dân
bmvnah: bà mẹ việt nam anh hùng
antt: an ninh trật tự
an-qp: an ninh quốc phòng
anqp: an ninh quốc phòng
qp-an: quốc phòng an ninh
qpan: quốc phòng an ninh
qp: quốc phòng
gdqp: giáo dục quốc phòng
ttatxh: trật tự an toàn xã hội
ttatgt: trật tự an toàn giao thông
atgt: an toàn giao thông
tngt: tai nạn giao thông
csgt: cảnh sát giao thông
cshs: cảnh sát hình sự
cskt: cảnh sát kinh tế
pccc: phòng cháy chữa cháy
cnch: cứu nạn cứu hộ
pccc&cnch: phòng cháy chữa cháy và cứu nạn cứu hộ
pctt: phòng chống thiên tai
tkcn: tìm kiếm cứu nạn
pctt&tkcn: phòng chống thiên tai và tìm kiếm cứu nạn
pclb: phòng chống lụt bão
tncs: thanh niên cộng sản
đtn: đoàn thanh niên
đvtn: đoàn viên thanh niên
tntp: thiếu niên tiền phong
tnxp: thanh niên xung phong
lhpn: liên hiệp phụ nữ
lhtn: liên hiệp thanh niên
ccb: cựu chiến binh
ctđ: chữ thập đỏ
tbls: thương binh liệt sĩ
ncc: người có công
nct: người cao tuổi
"""

_PEOPLE_AND_PLACES = """
tp: thành phố
tp.hcm: thành phố hồ chí minh
tp-hcm: thành phố hồ chí minh
tphcm: thành phố hồ chí minh
hcm: hồ chí minh
hn: hà nội
tx: thị xã
vn: việt nam
chxhcn: cộng hòa xã hội chủ nghĩa
chxhcnvn: cộng hòa xã hội chủ nghĩa việt nam
vndcch: việt nam dân chủ cộng hòa
đbscl: đồng bằng sông cửu long
đbsh: đồng bằng sông hồng
tdmnpb: trung du và miền núi phía bắc
gs: giáo sư
pgs: phó giáo sư
ts: tiến sĩ
tskh: tiến sĩ khoa học
ths: thạc sĩ
th.s: thạc sĩ
bs: bác sĩ
bsck1: bác sĩ chuyên khoa một
bsck2: bác sĩ chuyên khoa hai
ck1: chuyên khoa một
ck2: chuyên khoa hai
lm: linh mục
bscki: bác sĩ chuyên khoa một
bsckii: bác sĩ chuyên khoa hai
cki: chuyên khoa một
ckii: chuyên khoa hai
ds: dược sĩ | dân số
ks: kỹ sư
kts: kiến trúc sư
ls: luật sư | liệt sĩ
nsnd: nghệ sĩ nhân dân
nsưt: nghệ sĩ ưu tú
ngnd: nhà giáo nhân dân
ngưt: nhà giáo ưu tú
ttnd: thầy thuốc nhân dân
ttưt: thầy thuốc ưu tú
hlv: huấn luyện viên
vđv: vận động viên
pv: phóng viên
ctv: cộng tác viên
đ/c: đồng chí
cn: chủ nhật | cử nhân | công nghiệp
v.v: vân vân
vv: vân vân
sđt: số điện thoại
đt: điện thoại | đường tỉnh
đtdđ: điện thoại di động
tcn: trước công nguyên
tr.cn: trước công nguyên
stt: số thứ tự
vnđ: đồng | việt nam đồng | vê nờ đê
vnd: đồng | việt nam đồng | vê nờ dê
"""

_FROM_ABROAD = """
usd: đô la mỹ | đô la | u ét đê | đô
eur: ơ rô
gdp: gi đi pi | giê đê pê
grdp: gi a đi pi | giê rờ đê pê
fdi: ép đi ai | ép đê i
oda: ô đê a | ô đi ây
cpi: xi pi ai | xê pê i
pci: pi xi ai | pê xê i
papi: pa pi
par: pa
index: in đéc
sipas: xi pát
iso: i sô | i ét ô | ai ét ô
wto: vê kép tê ô | đắp liu ti ô
who: vê kép hát ô | đắp liu ết ô | tổ chức y tế thế giới
asean: a xê an
apec: a péc
unesco: u nét cô
unicef: u ni xép
nato: na tô
opec: ô péc
fifa: phi pha
vff: vê ép ép | vi ép ép
evn: e vê nờ | i vi en
vtv: vê tê vê | vi ti vi
vov: vê ô vê | vi ô vi
vnpt: vê nờ pê tê | vi en pi ti
ceo: xi i ô | xê e ô
it: ai ti
id: ai đi
ai: ây ai | a i | trí tuệ nhân tạo
qr: quy rờ | kiu a
atm: a tê mờ | ây ti em
pr: pi a
iot: ai ô ti
led: lét
lgbt: eo gi bi ti
dna: đê en a
adn: a đê en
hiv: hát i vê | ết ai vi
hiv/aids: hát i vê ết | hát i vê xi đa
aids: ết | xi đa
sars: sát | xa
covid: cô vít
covid-19: cô vít mười chín | cô vi mười chín | cô vít một chín
sars-cov-2: sát cô vi hai | xa cô vi hai
pcr: pê xê rờ | pi xi a
"""

#: Units that stand with a number or by themselves.
_UNITS = """
km: ki lô mét | cây số | cây
km2: ki lô mét vuông
km²: ki lô mét vuông
km/h: ki lô mét trên giờ | ki lô mét giờ | ki lô mét một giờ | cây số một giờ | cây số giờ | cây số trên giờ
km/giờ: ki lô mét trên giờ | ki lô mét giờ | ki lô mét một giờ | cây số một giờ | cây số giờ | cây số trên giờ
m/s: mét trên giây | mét giây
m3/s: mét khối trên giây | mét khối giây
l/s: lít trên giây | lít giây
g/l: gam trên lít | gam một lít
mg/l: mi li gam trên lít | mi li gam một lít
µg/m3: mi crô gam trên mét khối | mi crô gam một mét khối
kg: ki lô gam | cân | ki lô | ký | kí lô
ha: héc ta | héc | ha
m2: mét vuông
m²: mét vuông
m3: mét khối | khối
m³: mét khối | khối
dm: đề xi mét
cm: xăng ti mét | xen ti mét | phân
cm2: xăng ti mét vuông | xen ti mét vuông
cm3: xăng ti mét khối | xen ti mét khối
mm: mi li mét | li
ml: mi li lít
mg: mi li gam
kw: ki lô oát
kwh: ki lô oát giờ
kwp: ki lô oát pích
mw: mê ga oát
mwh: mê ga oát giờ
mwp: mê ga oát pích
gw: gi ga oát
kv: ki lô vôn
kva: ki lô vôn am pe
mva: mê ga vôn am pe
hz: héc
khz: ki lô héc
mhz: mê ga héc
ghz: gi ga héc
kb: ki lô bai
mb: mê ga bai
gb: gi ga bai
mbps: mê ga bít trên giây
gbps: gi ga bít trên giây
db: đề xi ben
"""

_AT_A_NUMBER = """
m: mét
g: gam
gr: gam
l: lít
đ: đồng
h: giờ
p: phút
s: giây
v: vôn
w: oát
tr: triệu
k: nghìn | ngàn | ca
cc: xê xê | phân khối
bps: điểm cơ bản
us$: đô la mỹ | đô la
cv: mã lực | xê vê | công văn
hp: mã lực | hát pê
usd: đô la mỹ | đô la | u ét đê | đô
eur: ơ rô
vnđ: đồng | việt nam đồng
vnd: đồng | việt nam đồng
"""

#: Folded abbreviation to what is said, the usual way first.
ABBREVIATIONS: Mapping[str, tuple[str, ...]] = {
    **read_table(_STATE),
    **read_table(_SOCIETY),
    **read_table(_PEOPLE_AND_PLACES),
    **read_table(_FROM_ABROAD),
    **read_table(_UNITS),
}

#: Units after a number (`5km`, `80 m`, `500đ`); those of one letter are too short to be abbreviations by themselves.
SUFFIX_UNITS: Mapping[str, tuple[str, ...]] = {**read_table(_UNITS), **read_table(_AT_A_NUMBER)}

#: A letter and a full stop before a name or number.
BEFORE_NAMES: Mapping[str, str] = {
    "p": "phường",
    "q": "quận",
    "h": "huyện",
    "x": "xã",
    "t": "tỉnh",
    "đ": "đường",
}

#: Names of the letters, for abbreviations that are spelt out: as in the alphabet, by sound, and the English ones.
LETTERS: Mapping[str, str] = {
    "a": "a",
    "b": "bê",
    "c": "xê",
    "d": "dê",
    "đ": "đê",
    "e": "e",
    "f": "ép",
    "g": "gờ",
    "h": "hát",
    "i": "i",
    "j": "gi",
    "k": "ca",
    "l": "lờ",
    "m": "mờ",
    "n": "nờ",
    "o": "o",
    "p": "pê",
    "q": "quy",
    "r": "rờ",
    "s": "ét",
    "t": "tê",
    "u": "u",
    "ư": "ư",
    "v": "vê",
    "w": "vê kép",
    "x": "ích",
    "y": "i",
    "z": "dét",
}
FULL_LETTERS: Mapping[str, str] = {
    **LETTERS,
    "f": "ép phờ",
    "g": "giê",
    "l": "e lờ",
    "m": "em mờ",
    "n": "en nờ",
    "r": "e rờ",
    "s": "ét xì",
    "x": "ích xì",
    "y": "i gờ rét",
}
SOUND_LETTERS: Mapping[str, str] = {
    **LETTERS,
    "b": "bờ",
    "c": "cờ",
    "d": "dờ",
    "đ": "đờ",
    "f": "phờ",
    "h": "hờ",
    "k": "cờ",
    "p": "pờ",
    "q": "quờ",
    "s": "sờ",
    "t": "tờ",
    "v": "vờ",
    "x": "xờ",
    "z": "dờ",
}
ENGLISH_LETTERS: Mapping[str, str] = {
    **LETTERS,
    "a": "ây",
    "b": "bi",
    "c": "xi",
    "d": "đi",
    "e": "i",
    "g": "gi",
    "h": "ết",
    "i": "ai",
    "j": "giây",
    "k": "kây",
    "l": "eo",
    "m": "em",
    "n": "en",
    "o": "ô",
    "p": "pi",
    "q": "kiu",
    "r": "a",
    "s": "ét",
    "t": "ti",
    "v": "vi",
    "w": "đắp liu",
    "x": "ếch",
    "y": "oai",
}
