"""Printed words as newspapers have them, and how they are said: a table of usage.

A row is a line of print with the words asked in brackets, then what is usually said for them, then what else some say.
Rows go on in lines that are indented.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from mediakit.vietnamese.normal import fold
from mediakit.vietnamese.numbers import Syllables, Ways
from mediakit.vietnamese.spoken import sayings

DATES = """
chiều ngày [9/6], Thường trực = chín tháng sáu | mồng chín tháng sáu | mùng chín tháng sáu
từ [9/6] đến nay = chín tháng sáu | ngày chín tháng sáu | ngày mồng chín tháng sáu
[09/06/2021] = chín tháng sáu năm hai nghìn không trăm hai mươi mốt | ngày chín tháng sáu năm hai không hai mốt
ngày [9-6] họp = chín tháng sáu | mồng chín tháng sáu
ngày [9-6-2021] họp = chín tháng sáu năm hai nghìn không trăm hai mươi mốt | mồng chín tháng sáu năm hai nghìn
    không trăm hai mốt
ngày [9.6] họp = chín tháng sáu | mồng chín tháng sáu
tối [09.6.2021] = chín tháng sáu năm hai nghìn không trăm hai mươi mốt
ngày [1/5/21] = một tháng năm năm hai nghìn không trăm hai mươi mốt | một tháng năm năm hai mươi mốt
lễ [2/9] ở = hai tháng chín | mồng hai tháng chín | ngày hai tháng chín
dịp [30/4] và = ba mươi tháng tư | ba mươi tháng bốn | ngày ba mươi tháng tư
sáng [24/12], xã = hai mươi bốn tháng mười hai | hai mươi tư tháng mười hai | hai bốn tháng mười hai
ngày [21/1] = hai mươi mốt tháng một | hai mốt tháng một
ngày [5] tháng [6] = năm sáu | mồng năm sáu | mùng năm sáu
tháng [6/2021] = sáu năm hai nghìn không trăm hai mươi mốt | sáu hai nghìn không trăm hai mốt
từ [6/2021] = tháng sáu năm hai nghìn không trăm hai mươi mốt | sáu năm hai nghìn không trăm hai mươi mốt
đến [12-2025] = tháng mười hai năm hai nghìn không trăm hai mươi lăm
quý [I/2021] = một năm hai nghìn không trăm hai mươi mốt | một hai nghìn không trăm hai mốt
quý [IV/2021] = tư năm hai nghìn không trăm hai mươi mốt | bốn năm hai nghìn không trăm hai mươi mốt
quý [I] năm [2021] = một hai nghìn không trăm hai mươi mốt | một hai không hai mốt | một hai ngàn không trăm hai
    mươi mốt
tháng [4] = tư | bốn
tháng [1] âm lịch = một | giêng
tháng [12] = mười hai | chạp
ngày [9-10/6] = chín đến mười tháng sáu | mồng chín đến mồng mười tháng sáu | chín mười tháng sáu
từ ngày [9/6-15/6] = chín tháng sáu đến mười lăm tháng sáu | chín tháng sáu đến ngày mười lăm tháng sáu
ngày [9/6 - 15/6] = chín tháng sáu đến mười lăm tháng sáu
tháng [6-8/2021] = sáu đến tháng tám năm hai nghìn không trăm hai mươi mốt | sáu đến tám năm hai nghìn không
    trăm hai mươi mốt
tháng [6-8] = sáu đến tám | sáu đến tháng tám
năm [1975] = một nghìn chín trăm bảy mươi lăm | một nghìn chín trăm bảy lăm | một chín bảy lăm | mười chín bảy lăm
năm [2005] = hai nghìn không trăm linh năm | hai nghìn không trăm lẻ năm | hai không không năm | hai ngàn lẻ năm
năm [1954] = một nghìn chín trăm năm mươi bốn | một nghìn chín trăm năm mươi tư | một chín năm tư
năm [2020] = hai nghìn không trăm hai mươi | hai không hai mươi
"""

TIMES = """
lúc [18:37] = mười tám giờ ba mươi bảy | mười tám giờ ba mươi bảy phút | mười tám giờ ba bảy
lúc [18:37:56] = mười tám giờ ba mươi bảy | mười tám giờ ba mươi bảy phút năm mươi sáu giây
lúc [8h30] = tám giờ ba mươi | tám giờ ba mươi phút | tám giờ rưỡi
lúc [8h30'] = tám giờ ba mươi | tám giờ ba mươi phút
lúc [8h30p] = tám giờ ba mươi | tám giờ ba mươi phút
lúc [8g15] = tám giờ mười lăm | tám giờ mười lăm phút
lúc [07h00] = bảy giờ
[14 giờ 30] ngày = mười bốn giờ ba mươi | mười bốn giờ ba mươi phút | mười bốn giờ rưỡi
[14 giờ 30 phút] = mười bốn giờ ba mươi phút
[14 giờ 05] = mười bốn giờ năm | mười bốn giờ không năm | mười bốn giờ năm phút
từ [7h-8h30] = bảy giờ đến tám giờ ba mươi | bảy giờ đến tám giờ rưỡi
từ [14h - 16h] = mười bốn giờ đến mười sáu giờ
sau [24h] = hai mươi bốn giờ | hai mươi tư giờ | hai bốn giờ
lúc [0h] = không giờ
dài [90'] = chín mươi phút
"""

NUMBERS = """
đạt [46,3%] = bốn mươi sáu phẩy ba phần trăm | bốn sáu phẩy ba phần trăm
đạt [46,3 %] = bốn mươi sáu phẩy ba phần trăm
đạt [46.3%] = bốn mươi sáu phẩy ba phần trăm | bốn mươi sáu chấm ba phần trăm
tăng [5,25%] = năm phẩy hai mươi lăm phần trăm | năm phẩy hai lăm phần trăm | năm phẩy hai năm phần trăm
tăng [0,5%] = không phẩy năm phần trăm
tăng [0,05%] = không phẩy không năm phần trăm
[100%] các xã = một trăm phần trăm | trăm phần trăm
tăng [10-15%] = mười đến mười lăm phần trăm | mười mười lăm phần trăm
tăng [10%-15%] = mười phần trăm đến mười lăm phần trăm
tăng [10% - 15%] = mười phần trăm đến mười lăm phần trăm | mười phần trăm tới mười lăm phần trăm
lãi [7%/năm] = bảy phần trăm trên năm | bảy phần trăm một năm | bảy phần trăm năm
tỷ suất [12‰] = mười hai phần nghìn | mười hai phần ngàn
hơn [12.000] tài khoản = mười hai nghìn | mười hai ngàn
[1.234.567] = một triệu hai trăm ba mươi bốn nghìn năm trăm sáu mươi bảy | một triệu hai trăm ba tư nghìn năm
    trăm sáu bảy | một triệu hai trăm ba mươi bốn ngàn năm trăm sáu mươi bảy
[1.234,5] tấn = một nghìn hai trăm ba mươi bốn phẩy năm
[1,234.50] = một nghìn hai trăm ba mươi bốn phẩy năm mươi
[13,333.33] = mười ba nghìn ba trăm ba mươi ba phẩy ba mươi ba
[1,234,567.890] = một triệu hai trăm ba mươi bốn nghìn năm trăm sáu mươi bảy phẩy tám chín không
[4,455] lượt xem = bốn nghìn bốn trăm năm mươi lăm
[2,125] tỷ = hai nghìn một trăm hai mươi lăm | hai phẩy một hai năm
[25.000 tỷ] = hai mươi lăm nghìn tỷ | hai lăm nghìn tỷ
[25.000.000.000.000] = hai mươi lăm nghìn tỷ
[105] hộ = một trăm linh năm | một trăm lẻ năm
[1.005] hộ = một nghìn không trăm linh năm | một nghìn linh năm | một ngàn không trăm lẻ năm
[21] hộ = hai mươi mốt | hai mốt
[24] hộ = hai mươi bốn | hai mươi tư | hai bốn | hai tư
[25] hộ = hai mươi lăm | hai lăm | hai mươi nhăm
[15] hộ = mười lăm
[05] hộ = năm | không năm
[763] cơ quan = bảy trăm sáu mươi ba | bảy trăm sáu ba
[1.500] người = một nghìn năm trăm | một nghìn rưỡi | một ngàn năm trăm
[150] người = một trăm năm mươi | trăm rưỡi | trăm năm mươi
gọi [0912.345.678] = không chín một hai ba bốn năm sáu bảy tám
gọi [0912345678] = không chín một hai ba bốn năm sáu bảy tám
gọi [113] = một trăm mười ba | một một ba
gọi [(0227) 3831 234] = không hai hai bảy ba tám ba một hai ba bốn | không hai hai bảy ba nghìn tám trăm ba mươi
    mốt hai trăm ba mươi bốn
máy [192.168.1.1] = một chín hai một sáu tám một một | một trăm chín mươi hai chấm một trăm sáu mươi tám chấm
    một chấm một
công nghiệp [4.0] = bốn chấm không | bốn phẩy không
tổ [1,2,3] = một hai ba
[1 + 1] = một cộng một | một và một
[1 + 1 = 2] = một cộng một bằng hai
[>50] tuổi = trên năm mươi | lớn hơn năm mươi
"""

MONEY_AND_UNITS = """
[500.000 đồng] = năm trăm nghìn đồng | năm trăm ngàn đồng
[500.000đ] = năm trăm nghìn đồng
giá [500.000đ/kg] = năm trăm nghìn đồng một ki lô gam | năm trăm nghìn đồng trên ki lô gam | năm trăm ngàn đồng
    một cân
[1,5 tỷ đồng] = một phẩy năm tỷ đồng | một tỷ rưỡi đồng
[2,5 triệu] = hai phẩy năm triệu | hai triệu rưỡi
[1.5 tỷ] = một phẩy năm tỷ | một tỷ rưỡi
[20 triệu] = hai mươi triệu
[200 nghìn] = hai trăm nghìn
[5 triệu USD] = năm triệu đô la mỹ | năm triệu đô la | năm triệu u ét đê
[500USD] = năm trăm đô la mỹ | năm trăm đô la
[$500] = năm trăm đô la | năm trăm đô la mỹ
[50 triệu đồng/người/năm] = năm mươi triệu đồng một người một năm | năm mươi triệu đồng trên người trên năm
[5 km] đường = năm ki lô mét | năm cây số
[5km] đường = năm ki lô mét | năm cây số
[5km2] = năm ki lô mét vuông
chạy [80km/h] = tám mươi ki lô mét trên giờ | tám mươi ki lô mét một giờ | tám mươi cây số một giờ
chạy [80 km/h] = tám mươi ki lô mét trên giờ | tám mươi ki lô mét giờ
[300 ha] lúa = ba trăm héc ta | ba trăm ha
[300ha] lúa = ba trăm héc ta
[80 m] = tám mươi mét
[1.500m2] = một nghìn năm trăm mét vuông
[1.500 m²] = một nghìn năm trăm mét vuông
[1.000 m3/ngày] = một nghìn mét khối trên ngày | một nghìn mét khối một ngày | một nghìn khối một ngày
[28 độ C] = hai mươi tám độ xê | hai mươi tám độ
[28°C] = hai mươi tám độ xê | hai mươi tám độ
[28oC] = hai mươi tám độ xê
[28 °C] = hai mươi tám độ xê
[-5°C] = âm năm độ xê | trừ năm độ
từ [28-30°C] = hai mươi tám đến ba mươi độ xê
[5 kg] gạo = năm ki lô gam | năm cân | năm ký
[5 tấn/ha] = năm tấn trên héc ta | năm tấn một héc ta
[10-12 tấn] = mười đến mười hai tấn
[500 kWh] = năm trăm ki lô oát giờ
[110kV] = một trăm mười ki lô vôn | một một không ki lô vôn
[10 x 15 m] = mười nhân mười lăm mét
"""

ROMAN = """
lần thứ [XX,] nhiệm kỳ = hai mươi
thế kỷ [XXI] = hai mươi mốt | hai mốt
Đại hội [XIII] của Đảng = mười ba
thứ [I] = nhất | một
lần thứ [IV] = tư | bốn
khóa [XV] = mười lăm
quý [IV] = tư | bốn
quý [II] = hai
giai đoạn [I.] = một
Đại hội [VI] = sáu
ĐẠI HỘI LẦN THỨ [VI] = sáu
XỬ LÝ [VI] PHẠM = vi | sáu
quý [I-III] = một đến ba | một đến quý ba
khóa [XIV - XV] = mười bốn đến mười lăm
"""

RANGES = """
[2021 – 2025] = hai nghìn không trăm hai mươi mốt đến hai nghìn không trăm hai mươi lăm | hai không hai mốt hai
    không hai lăm
nhiệm kỳ [2020 - 2025] = hai nghìn không trăm hai mươi đến hai nghìn không trăm hai mươi lăm | hai không hai
    mươi đến hai không hai lăm
nhiệm kỳ [2020-2025] = hai nghìn không trăm hai mươi đến hai nghìn không trăm hai mươi lăm | hai nghìn không
    trăm hai mươi hai nghìn không trăm hai mươi lăm | hai không hai mươi đến hai không hai lăm
từ [5 đến 7] = năm đến bảy
[3-4] ngày = ba đến bốn | ba bốn
[2.000 - 3.000] = hai nghìn đến ba nghìn
thắng [3-1] = ba một
tỷ số [2 - 1] = hai một
hòa [1-1] = một một | một đều
hơn [2/3] số hộ = hai phần ba | hai trên ba
chiếm [1/4] diện tích = một phần tư | một phần bốn
hơn [1/2] số = một phần hai | một nửa
có [14/16] chỉ tiêu = mười bốn trên mười sáu | mười bốn mười sáu
[5/5] xã = năm trên năm | năm năm
kinh tế [-] xã hội =
Hà Nội [–] Huế =
"""

ORDINALS = """
thứ [4,] = tư
thứ [2,] = hai
lần thứ [4] = tư | bốn
lần thứ [1] = nhất | một
lớp [10A1] = mười a một
"""

DOCUMENTS = """
Quyết định số [28/QĐ-UBND] = hai mươi tám quyết định ủy ban nhân dân | hai mươi tám | hai mươi tám quy đê ủy ban
    nhân dân
Nghị quyết [11-NQ/TW] = mười một nghị quyết trung ương | mười một | mười một nờ quy trung ương
Nghị quyết số [28-NQ/TU] = hai mươi tám nghị quyết tỉnh ủy | hai mươi tám
Nghị định [15/2020/NĐ-CP] = mười lăm năm hai nghìn không trăm hai mươi nghị định chính phủ | mười lăm năm hai
    nghìn không trăm hai mươi | mười lăm trên hai nghìn không trăm hai mươi
Luật số [28/2018/QH14] = hai mươi tám năm hai nghìn không trăm mười tám quốc hội mười bốn | hai mươi tám năm hai
    nghìn không trăm mười tám
"""

ABROAD = """
qua [Facebook,] = phây búc | facebook
qua [Zalo] = da lô | zalo
[Microsoft] = mai cờ rô xóp | microsoft
[Ipv4] sang [Ipv6] = ai pi vê bốn ai pi vê sáu | ipv4 ipv6
[IPv6] = ai pi vê sáu
[Wi-Fi] = oai phai
[Internet] = in tơ nét | internet
mạng [5G] = năm gờ | năm gi
[COVID-19] = cô vít mười chín | cô vi mười chín
[Covid-19] = cô vít mười chín | cô vi mười chín
[A4] = a bốn
[H5N1] = hát năm nờ một
[U23] = u hai mươi ba | u hai ba
[VietGAP] = việt gáp
[FDI] = ép đi ai | ép đê i
[ASEAN] = a xê an | asean
[HIV/AIDS] = hát i vê ết | hát i vê xi đa
[ABC] = a bê xê | ây bi xi
trang [thaibinh.gov.vn] = thaibinh chấm gov chấm vn
"""

ABBREVIATIONS = """
[UBND] tỉnh = ủy ban nhân dân | ủy ban | u bê nờ dê
[HĐND,] = hội đồng nhân dân | hát đê nờ dê
Sở [TTTT] = thông tin và truyền thông | thông tin truyền thông | tê tê tê tê
[CNTT] = công nghệ thông tin | xê nờ tê tê
[TP.HCM] = thành phố hồ chí minh
[TPHCM] = thành phố hồ chí minh
[TP. Hồ Chí Minh] = thành phố hồ chí minh
[Tp. Thái Bình] = thành phố thái bình
[TX.] Sơn Tây = thị xã
[TP.Thái] Bình = thành phố thái
[PGS.TS] Lê An = phó giáo sư tiến sĩ
[PGS.TS.] Lê An = phó giáo sư tiến sĩ
[PGS. TS.] Lê An = phó giáo sư tiến sĩ
[GS.TS.BS] = giáo sư tiến sĩ bác sĩ
[Ths.BS] = thạc sĩ bác sĩ
[ThS.] = thạc sĩ
[BSCKII] = bác sĩ chuyên khoa hai
[NSƯT] = nghệ sĩ ưu tú
[GS.TS.BS.] Lê An = giáo sư tiến sĩ bác sĩ
[ThS.BS.] Lê An = thạc sĩ bác sĩ
[BS.CKII.] Lê An = bác sĩ chuyên khoa hai
[BS. CK2] Lê An = bác sĩ chuyên khoa hai
[TS.LS.] Lê An = tiến sĩ luật sư
[Cty CP.] Hải Âu = công ty cổ phần
ở [H.] Thái Thụy = huyện
ở [P. 12] = phường mười hai
năm 111 [tr.CN] = trước công nguyên
[Đ/c] Hải = đồng chí
[Q.1] = quận một
[P. Lê] Lợi = pê lê | phường lê
Nguyễn [V.] A. = năm | vê
[ĐBSCL] = đồng bằng sông cửu long
[BCĐ] = ban chỉ đạo
[BCHTW] = ban chấp hành trung ương
Ban Chấp hành [TƯ] = trung ương
Ban Chấp hành [T.Ư] = trung ương
THỨ [TƯ] HÀNG TUẦN = tư
[TTg] = thủ tướng
[CCHC] = cải cách hành chính
[CĐS] = chuyển đổi số
[NTM] = nông thôn mới
[OCOP] = ô cốp
[ATTP] = an toàn thực phẩm
Sở [TNMT] = tài nguyên và môi trường | tài nguyên môi trường
Sở [TN&MT] = tài nguyên và môi trường
Sở [GD&ĐT] = giáo dục và đào tạo | giáo dục đào tạo
Sở [LĐ-TB&XH] = lao động thương binh và xã hội
Sở [VH-TT&DL] = văn hóa thể thao và du lịch
Sở [NN&PTNT] = nông nghiệp và phát triển nông thôn
[LĐLĐ] = liên đoàn lao động
[TNCS] = thanh niên cộng sản
[QĐND] = quân đội nhân dân
[CAND] = công an nhân dân
[PCCC&CNCH] = phòng cháy chữa cháy và cứu nạn cứu hộ
[BHXH,] = bảo hiểm xã hội
[THCS] = trung học cơ sở
[CNH, HĐH] = công nghiệp hóa hiện đại hóa
[CNH-HĐH] = công nghiệp hóa hiện đại hóa
[HĐND-UBND] = hội đồng nhân dân ủy ban nhân dân
[QL10] = quốc lộ mười
[v.v.] = vân vân
ông [An] = an
ca [sĩ] = sĩ
AI CŨNG [AI] BIẾT = ai
"""

#: After the kinds of mistakes of sea-g2p 12, 20, 22 and VieNeu-TTS 199 (numbers of their public trackers).
FIGURES = """
tỷ giá [1.1200] USD = một phẩy một hai không không | một phẩy một nghìn hai trăm | một chấm một hai không không
tỷ giá [1.1205] = một phẩy một hai không năm | một chấm một hai không năm
giá [0.9985] = không phẩy chín chín tám năm | không chấm chín chín tám năm
giá [105.23] yên = một trăm linh năm phẩy hai mươi ba | một trăm linh năm phẩy hai ba | một trăm linh năm chấm hai
    ba
lãi [4.55] = bốn phẩy năm mươi lăm | bốn phẩy năm lăm | bốn phẩy năm năm
số [3.1416] = ba phẩy một bốn một sáu
có [1 200 000] đồng = một triệu hai trăm nghìn
có [12 000] người = mười hai nghìn
có [1,200,000] đồng = một triệu hai trăm nghìn
có [1.200,5] tấn = một nghìn hai trăm phẩy năm
có [1,200.50] USD = một nghìn hai trăm phẩy năm mươi | một nghìn hai trăm phẩy năm không
tăng [0,05] điểm = không phẩy không năm
[1.5 triệu] = một phẩy năm triệu | một triệu rưỡi
[1,5 triệu] = một phẩy năm triệu | một triệu rưỡi | triệu rưỡi
giá [24.000đ] = hai mươi bốn nghìn đồng | hai tư nghìn đồng | hai bốn ngàn đồng
giá [50.000 đ/kg] = năm mươi nghìn đồng một ki lô gam | năm mươi nghìn đồng một cân | năm chục nghìn đồng một ký
giá [50.000 đồng/kg] = năm mươi nghìn đồng một ki lô gam | năm mươi nghìn đồng trên một ki lô gam
từ [1,5-2 tỷ] đồng = một phẩy năm đến hai tỷ | một rưỡi đến hai tỷ | một phẩy năm tỷ đến hai tỷ
chiếm [3/4] diện tích = ba phần tư | ba phần bốn
ngày [3/4] = ba tháng tư | mồng ba tháng tư
hôm [9/6] = chín tháng sáu | mồng chín tháng sáu
[9/6/2021] = chín tháng sáu năm hai nghìn không trăm hai mươi mốt
quý [III/2021] = ba năm hai nghìn không trăm hai mươi mốt | ba hai nghìn không trăm hai mươi mốt
lúc [18h37] = mười tám giờ ba mươi bảy | mười tám giờ ba mươi bảy phút
lúc [18h] = mười tám giờ
lúc [6:30] = sáu giờ ba mươi | sáu giờ rưỡi | sáu giờ ba mươi phút
gọi [+84 912 345 678] = cộng tám bốn chín một hai ba bốn năm sáu bảy tám | cộng tám tư chín một hai ba bốn năm sáu
    bảy tám | cộng tám mươi tư chín một hai ba bốn năm sáu bảy tám | tám tư chín một hai ba bốn năm sáu bảy tám
gọi [+84912345678] = cộng tám bốn chín một hai ba bốn năm sáu bảy tám
gọi [0227.3831.234] = không hai hai bảy ba tám ba một hai ba bốn
gọi [0227 3831 234] = không hai hai bảy ba tám ba một hai ba bốn
gọi [1900 1234] = một chín không không một hai ba bốn | một nghìn chín trăm một hai ba bốn
gọi [1900.1234] = một chín không không một hai ba bốn
gọi [19001234] = một chín không không một hai ba bốn
gọi [1800 1090] = một tám không không một không chín không
gọi [0912 345 678] = không chín một hai ba bốn năm sáu bảy tám
gọi [0912-345-678] = không chín một hai ba bốn năm sáu bảy tám
dịch [Covid-19] = cô vít mười chín
đường [QL10] = quốc lộ mười | quốc lộ một không
đường [QL1A] = quốc lộ một a
đường [QL.39] = quốc lộ ba mươi chín | quốc lộ ba chín
số [12/2021/NĐ-CP] = mười hai năm hai nghìn không trăm hai mươi mốt nghị định chính phủ | mười hai hai nghìn không
    trăm hai mươi mốt nghị định chính phủ
Đại hội [XII] = mười hai
lạnh [-5°C] = âm năm độ xê | âm năm độ | trừ năm độ xê
nóng [37,5°C] = ba mươi bảy phẩy năm độ xê | ba bảy phẩy năm độ | ba mươi bảy độ rưỡi
đạt [100%] = một trăm phần trăm | trăm phần trăm
tăng [5‰] = năm phần nghìn | năm phần ngàn
rộng [100m2] = một trăm mét vuông | trăm mét vuông
rộng [100 m2] = một trăm mét vuông
chạy [60 km/h] = sáu mươi ki lô mét trên giờ | sáu mươi ki lô mét một giờ | sáu mươi cây số giờ
có [1.000 ha] = một nghìn héc ta | một ngàn héc ta | nghìn héc ta
lô [2x3] = hai nhân ba | hai ba
khổ [2x3m] = hai nhân ba mét
mạng [4G] = bốn gờ | bốn gi | bốn giê
máy bay [A380] = a ba trăm tám mươi | a ba tám không | a ba trăm tám
lớp [12A] = mười hai a
tăng [5-7%] = năm đến bảy phần trăm | năm bảy phần trăm | năm phần trăm đến bảy phần trăm
đạt [20/20] xã = hai mươi trên hai mươi
thắng [3-0] = ba không | ba trừ không
hòa [0-0] = không không | không đều
có [500 VND] = năm trăm đồng | năm trăm việt nam đồng
có [500VND] = năm trăm đồng
có [US$100] = một trăm đô la | một trăm đô la mỹ
có [$5 million] = năm triệu đô la
có [$5 triệu] = năm triệu đô la
có [5 triệu USD] = năm triệu đô la mỹ | năm triệu đô la
có [100 USD/tấn] = một trăm đô la mỹ một tấn | một trăm đô la trên tấn
có [€100] = một trăm ơ rô
có [100€] = một trăm ơ rô
có [2.500.000] = hai triệu năm trăm nghìn | hai triệu rưỡi
có [2.500.000 đồng] = hai triệu năm trăm nghìn đồng
có [200k] = hai trăm nghìn | hai trăm ca
có [1 tỷ 200 triệu] = một tỷ hai trăm triệu
có [1.001] = một nghìn không trăm linh một | một nghìn linh một | một nghìn lẻ một
có [10.05] = mười phẩy không năm
có [50,000] = năm mươi nghìn
cao [1m65] = một mét sáu mươi lăm | một mét sáu lăm | một mét sáu năm
cao [1,65m] = một phẩy sáu mươi lăm mét | một phẩy sáu lăm mét | một mét sáu lăm
sâu [2m5] = hai mét năm | hai mét rưỡi
nặng [3kg2] = ba ki lô gam hai | ba ki lô hai | ba cân hai
lúc [5 giờ 15 phút] = năm giờ mười lăm phút
lúc [5g15'] = năm giờ mười lăm
số [007] = không không bảy
tập [1/30] = một trên ba mươi | một phần ba mươi
đoạn [Km12+500] = ki lô mét mười hai cộng năm trăm | cây số mười hai cộng năm trăm
năm [2020-2021] = hai nghìn không trăm hai mươi đến hai nghìn không trăm hai mươi mốt
thế kỷ [19] = mười chín
[30-40 triệu] đồng = ba mươi đến bốn mươi triệu | ba bốn mươi triệu
[20.000-30.000] đồng = hai mươi nghìn đến ba mươi nghìn | hai ba mươi nghìn
khoảng [1,2 - 1,5] tấn = một phẩy hai đến một phẩy năm
từ [8h-17h] = tám giờ đến mười bảy giờ
từ [8h00-17h00] = tám giờ đến mười bảy giờ
ngày [01/01/2021] = một tháng một năm hai nghìn không trăm hai mươi mốt | mồng một tháng một năm hai nghìn không
    trăm hai mươi mốt | mùng một tháng giêng năm hai không hai mốt
đến [30.6.2021] = ba mươi tháng sáu năm hai nghìn không trăm hai mươi mốt
tháng [06/2021] = sáu năm hai nghìn không trăm hai mươi mốt
có [0,5 ha] = không phẩy năm héc ta | nửa héc ta
tăng [2,3 lần] = hai phẩy ba lần
gấp [1,5 lần] = một phẩy năm lần | một lần rưỡi
xe [29A-123.45] = hai mươi chín a một hai ba bốn năm
điểm [9,75] = chín phẩy bảy mươi lăm | chín phẩy bảy lăm | chín phẩy bảy năm
có [1.2 tỷ] = một phẩy hai tỷ | một tỷ hai
có [1,25 tỷ] = một phẩy hai mươi lăm tỷ | một phẩy hai lăm tỷ | một phẩy hai năm tỷ | một tỷ hai trăm năm mươi
    triệu
có [3.5%] = ba phẩy năm phần trăm
có [1.250%] = một nghìn hai trăm năm mươi phần trăm | một phẩy hai năm không phần trăm
đạt [99.99%] = chín mươi chín phẩy chín mươi chín phần trăm
[10h10'] = mười giờ mười | mười giờ mười phút
EUR/USD ở [1.1801] = một phẩy một tám không một
mức [1.0850] = một phẩy không tám năm không | một phẩy không tám năm
mức [1.2162] = một phẩy hai một sáu hai
mức [1.12000] = một phẩy một hai không không không
mức [2.5000] = hai phẩy năm không không không
mức [13.1200] = mười ba phẩy một hai không không
đến [1.2026] = tháng một năm hai nghìn không trăm hai mươi sáu
tỷ giá [1.2026] = một phẩy hai không hai sáu
lãi [5.67%] = năm phẩy sáu mươi bảy phần trăm | năm phẩy sáu bảy phần trăm
lãi [1,50%] = một phẩy năm mươi phần trăm | một phẩy năm không phần trăm | một phẩy năm phần trăm
giá [50.000đ/cp] = năm mươi nghìn đồng một cổ phiếu
giá [50.000 đ/cp] = năm mươi nghìn đồng một cổ phiếu
giá [50.000đ/cổ phiếu] = năm mươi nghìn đồng một cổ phiếu
giá [50.000₫] = năm mươi nghìn đồng
giá [$4567] = bốn nghìn năm trăm sáu mươi bảy đô la
tăng [15 bps] = mười lăm điểm cơ bản
giá [$2.5B] = hai phẩy năm tỷ đô la
ngày [5 300] người = năm ba trăm
số [12 345 678] = mười hai triệu ba trăm bốn mươi lăm nghìn sáu trăm bảy mươi tám
thu [2 050 005] = hai triệu không trăm năm mươi nghìn không trăm linh năm | hai triệu năm mươi nghìn không trăm
    linh năm | hai triệu năm mươi ngàn lẻ năm
thu [24 000đ] = hai mươi bốn nghìn đồng | hai tư nghìn đồng
thu [1 200,5] tấn = một nghìn hai trăm phẩy năm
thu [1 500 000 000] đồng = một tỷ năm trăm triệu
gọi [0912 345 678.] = không chín một hai ba bốn năm sáu bảy tám
gọi [024 3825 1234] = không hai bốn ba tám hai năm một hai ba bốn
rộng [5 000m2] = năm nghìn mét vuông
gửi [+84-912-345-678] = cộng tám bốn chín một hai ba bốn năm sáu bảy tám
gọi [(+84) 24 3825 1234] = cộng tám bốn hai bốn ba tám hai năm một hai ba bốn | tám tư hai tư ba tám hai năm một
    hai ba tư
có [100 US$] = một trăm đô la mỹ | một trăm đô la
điện [220V] = hai trăm hai mươi vôn | hai trăm hai mươi vê
[Q1/2021] = quý một năm hai nghìn không trăm hai mươi mốt
quý [1/2021] = một năm hai nghìn không trăm hai mươi mốt | một hai nghìn không trăm hai mươi mốt
tỷ lệ [1:500] = một năm trăm | một trên năm trăm | một phần năm trăm
tỷ lệ [1/10.000] = một trên mười nghìn | một phần mười nghìn | một phần mười ngàn
từ [27-1] về = hai mươi bảy một | hai mươi bảy tháng một | hai bảy tháng giêng
[2,5 - 3 triệu] = hai phẩy năm đến ba triệu
[20 000 - 30 000] đồng = hai mươi nghìn đến ba mươi nghìn
[36,5-37,5°C] = ba mươi sáu phẩy năm đến ba mươi bảy phẩy năm độ xê
[1.1200-1.1250] = một phẩy một hai không không đến một phẩy một hai năm không
đường [ĐT.454] = đường tỉnh bốn trăm năm mươi bốn | đường tỉnh bốn trăm năm mươi tư | đường tỉnh bốn năm bốn
"""

TABLES = (FIGURES, DATES, TIMES, NUMBERS, MONEY_AND_UNITS, ROMAN, RANGES, ORDINALS, DOCUMENTS, ABROAD, ABBREVIATIONS)
ROWS = [row for table in TABLES for row in table.strip().replace("\n    ", " ").splitlines()]


def asked(line: str) -> list[Ways]:
    """The ways of the words in brackets."""
    marked = re.sub(r"\[([^]]*)\]", lambda m: " ".join(f"\0{word}" for word in m[1].split()), line)
    words = marked.split()
    ways = sayings([word.lstrip("\0") for word in words])
    return [way for word, way in zip(words, ways, strict=True) if word.startswith("\0")]


def can_be_said(ways: Sequence[Ways], said: Syllables) -> bool:
    if not ways:
        return not said
    return any(said[: len(way)] == way and can_be_said(ways[1:], said[len(way) :]) for way in ways[0])


def test_the_table_is_a_long_one() -> None:
    assert len(ROWS) >= 150
    assert len(set(ROWS)) == len(ROWS)


@pytest.mark.parametrize("row", ROWS)
def test_printed_words_are_matched_as_they_are_said(row: str) -> None:
    line, said = re.split(r"(?<=[^+\d]) =(?: |$)", row, maxsplit=1)
    usual, *others = (tuple(fold(s) for s in way.split()) for way in said.split("|"))
    ways = asked(line)
    assert tuple(syllable for way in ways for syllable in way[0]) == usual
    for other in others:
        assert can_be_said(ways, other), " ".join(other)


@pytest.mark.parametrize(
    ("printed", "never"),
    [
        ("kinh tế - xã hội", "đến"),
        ("một năm mới", "mồng"),
        ("ông An nói", "ninh"),
        ("ca sĩ ở tư gia", "ương"),
        ("9 xã", "mồng"),
        ("mua 5 vé", "giêng"),
        ("tỷ giá 1.1200", "tháng"),
        ("lúc 6h30", "chục"),
        ("tỷ giá 1.1801 USD", "năm"),
        ("giá 2.5000", "tháng"),
    ],
)
def test_no_way_has_what_nobody_says(printed: str, never: str) -> None:
    assert not any(never in way for ways in sayings(printed.split()) for way in ways)
