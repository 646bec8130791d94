"""Common words of two syllables in Vietnamese news: no line should break inside them.

Vietnamese puts a space between syllables, not between words, and only a dictionary knows which syllables are one
word. This is no dictionary but the words that news uses most; `breaks` adds what a text itself keeps together.
"""

from __future__ import annotations

from mediakit.vietnamese.normal import fold

_WORDS = """
an ninh, an toàn, áp dụng, ảnh hưởng, báo cáo, báo chí, bảo đảm, bảo hiểm, bảo vệ, bắt đầu, bệnh nhân, bệnh viện,
biện pháp, biểu dương, bình thường, bộ đội, bộ trưởng, bưu chính, cá nhân, cải cách, cải thiện, cán bộ, cảnh sát,
cấp ủy, cần thiết, chất lượng, chấp hành, chế độ, chi tiết, chia sẻ, chiến lược, chiến sĩ, chiến thắng, chính phủ,
chính quyền, chính sách, chính thức, chính trị, chỉ đạo, chỉ thị, chủ đề, chủ động, chủ quyền, chủ tịch, chủ trì,
chủ trương, chủ yếu, chuẩn bị, chúc mừng, chung tay, chuyên môn, chuyên nghiệp, chuyên sâu, chuyển biến, chuyển đổi,
chương trình, cơ bản, cơ cấu, cơ hội, cơ quan, cơ sở, công an, công bố, công cộng, công dân, công khai, công nghệ,
công nghiệp, công nhân, công tác, công trình, công ty, công viên, cộng đồng, cộng hòa, cụ thể, cung cấp, cuộc sống,
cuối cùng, cử tri, cư trú, dân cư, dân số, dân tộc, danh sách, dân chủ, di sản, di tích, dịch bệnh, dịch vụ,
diễn biến, diễn đàn, diện tích, doanh nghiệp, du khách, du lịch, dự án, dự báo, dự kiến, dữ liệu, đa dạng, đảm bảo,
đánh giá, đào tạo, đáp ứng, đặc biệt, đắc lực, đầu tiên, đầu tư, đẩy mạnh, đấu tranh, đề án, đề nghị, đề xuất,
địa bàn, địa điểm, địa phương, điện tử, điều chỉnh, điều hành, điều kiện, điều tra, điều trị, định hướng, đoàn kết,
đoàn thể, đóng góp, đô thị, đội ngũ, động viên, đồng bào, đồng bằng, đồng bộ, đồng chí, đồng thời, đơn vị, đối tượng,
đời sống, đường bộ, đại biểu, đại diện, đại hội, đảng bộ, đảng viên, gia đình, gia tăng, giá trị, giai đoạn,
giải pháp, giải quyết, giám đốc, giám sát, gian hàng, giáo dục, giáo viên, giao lưu, giao thông, giới thiệu, gặp gỡ,
ghi nhận, góp phần, hạ tầng, hàng hóa, hàng năm, hành chính, hạn chế, hấp dẫn, hệ thống, hiện đại, hiện nay,
hiện trường, hiệu quả, hình ảnh, hình thức, hoàn thành, hoàn thiện, hoạt động, học sinh, học tập, hỗ trợ, hồ sơ,
hội đồng, hội nghị, hội nhập, hợp lý, hợp tác, hưởng ứng, huy động, hướng dẫn, kế hoạch, kết nối, kết quả, kết luận,
khác nhau, khai mạc, khai thác, khả năng, khách hàng, khám phá, khảo sát, khắc phục, khẳng định, khẩn trương,
khen thưởng, khó khăn, khoa học, không gian, khu vực, khuyến khích, kiểm soát, kiểm tra, kinh doanh, kinh nghiệm,
kinh phí, kinh tế, kịp thời, kỷ niệm, kỹ năng, kỹ thuật, lãnh đạo, lao động, lắng nghe, lần lượt, lĩnh vực, lịch sử,
liên kết, liên quan, liên thông, lực lượng, lợi ích, lợi thế, mạng lưới, mặt trận, minh bạch, mô hình, môi trường,
mục tiêu, nâng cao, nâng cấp, năng lực, nắm bắt, nghề nghiệp, nghị quyết, nghiên cứu, nghiêm túc, nghiệp vụ,
ngân hàng, ngân sách, người dân, nguồn lực, nguy cơ, nguyên nhân, nhà nước, nhà trường, nhanh chóng, nhân dân,
nhân lực, nhân viên, nhiệm kỳ, nhiệm vụ, nhiệt tình, nhu cầu, nông dân, nông nghiệp, nông thôn, nội dung, nòng cốt,
nổi bật, ổn định, phát biểu, phát động, phát hiện, phát huy, phát ngôn, phát triển, pháp luật, phạm vi, phân công,
phân phối, phấn đấu, phê duyệt, phong cách, phong phú, phong trào, phòng chống, phối hợp, phổ biến, phụ nữ, phù hợp,
phục vụ, phương án, phương pháp, phương tiện, quan tâm, quan trọng, quản lý, quảng bá, quân đội, quân sự, quốc gia,
quốc hội, quốc phòng, quốc tế, quy định, quy hoạch, quy mô, quy phạm, quy trình, quyết định, quyết liệt, quyết tâm,
quyền lợi, rà soát, rộng rãi, sạt lở, sản phẩm, sản xuất, sáng kiến, sáng tạo, sinh hoạt, sinh viên, số lượng,
sử dụng, sức khỏe, tài chính, tài khoản, tài liệu, tài nguyên, tai nạn, tăng cường, tăng trưởng, tập huấn, tập thể,
tập trung, tầm nhìn, tham dự, tham gia, tham mưu, tham quan, thành công, thành lập, thành phố, thành tích, thành tựu,
thành viên, thay đổi, thăm hỏi, thắng lợi, thanh niên, thanh tra, thảo luận, theo dõi, thế giới, thế hệ, thể thao,
thị trường, thị xã, thiên tai, thiết bị, thiết lập, thiết thực, thiệt hại, thông điệp, thông minh, thông qua,
thông suốt, thông tin, thống kê, thống nhất, thời gian, thời điểm, thu hút, thu nhập, thủ tục, thủ tướng, thuận lợi,
thực hành, thực hiện, thực tế, thực trạng, thường trực, thường vụ, thường xuyên, thương mại, thương binh, tích cực,
tiềm năng, tiến độ, tiến hành, tiến trình, tiêu biểu, tiêu chuẩn, tiêu dùng, tiếp cận, tiếp nhận, tiếp tục, tiết kiệm,
tinh thần, tình hình, tình trạng, tình nguyện, tòa án, toàn bộ, toàn diện, toàn quốc, tổ chức, tổ quốc, tổng kết,
tồn tại, trách nhiệm, tranh thủ, trang bị, trao đổi, trao tặng, trật tự, trẻ em, triển khai, triển lãm, trình bày,
trình độ, trung tâm, trung ương, truy cập, truyền hình, truyền thông, truyền thống, trường học, trường hợp,
trưởng ban, trực tiếp, trực tuyến, trở lên, trở thành, tuyên dương, tuyên giáo, tuyên truyền, tuyển dụng, tư tưởng,
tương lai, tự động, tỷ lệ, ủng hộ, ủy ban, ủy viên, ứng dụng, ưu tiên, vai trò, văn bản, văn hóa, văn minh, văn phòng,
vấn đề, vận động, vận hành, vật chất, vật liệu, viễn thông, việc làm, vị trí, vi phạm, vinh dự, xã hội, xác định,
xây dựng, xe máy, xem xét, xu hướng, xu thế, xuất bản, xuất khẩu, xuất sắc, xử lý, ý kiến, ý nghĩa, ý thức, y tế,
yêu cầu, yếu tố, mức độ
"""

#: Pairs of folded syllables.
COMPOUNDS: frozenset[tuple[str, str]] = frozenset(
    (first, second) for first, second in (fold(word).split() for word in _WORDS.split(","))
)
