"""Correct translations from Malay to English, beside those of `content/`.

They were written for this test, with what a public body's pages have: rates, amounts, dates, times,
laws, addresses, links and bold words. Strings are as wagtail-localize stores them.
"""

from __future__ import annotations

PAIRS: tuple[tuple[str, str], ...] = (
    (
        "Kadar caruman ialah 1.75 % untuk majikan dan 0.5 % untuk pekerja.",
        "The contribution rate is 1.75 % for employers and 0.5 % for employees.",
    ),
    (
        "Gaji bulanan yang dilindungi dihadkan kepada RM6,000 mulai 1 Oktober 2024.",
        "The insured monthly wage is limited to RM6,000 from 1 October 2024.",
    ),
    (
        "Majikan perlu mendaftar dalam tempoh 30 hari di bawah Akta 4.",
        "Employers must register within 30 days under Act 4.",
    ),
    (
        "Faedah dibayar di bawah Seksyen 16 dan Seksyen 20A.",
        "The benefit is paid under Section 16 and Section 20A.",
    ),
    (
        "Kaunter dibuka dari pukul 8.00 pagi hingga 5.00 petang.",
        "The counters are open from 8 a.m. to 5 p.m.",
    ),
    (
        "Mesyuarat bermula pada pukul 2.30 petang, 5 Mac 2025.",
        "The meeting begins at 2:30 p.m. on 5 March 2025.",
    ),
    (
        "Hantar borang kepada perkeso@contoh.my sebelum 31 Disember 2025.",
        "Send the form to perkeso@contoh.my before 31 December 2025.",
    ),
    (
        'Muat turun <a id="a1">Borang 34</a> dan isi semua ruangan.',
        'Download <a id="a1">Form 34</a> and fill in every field.',
    ),
    (
        'Baca <a id="a1">syarat kelayakan</a> dan <a id="a2">senarai dokumen</a> sebelum memohon.',
        'Read the <a id="a1">conditions</a> and <a id="a2">list of documents</a> before applying.',
    ),
    (
        "Pembayaran dibuat <b>dalam tempoh 7 hari bekerja</b> selepas kelulusan.",
        "Payment is made <b>within 7 working days</b> of approval.",
    ),
    (
        "Peruntukan sebanyak RM3 juta diluluskan bagi tahun 2025.",
        "An allocation of RM3 million was approved for the year 2025.",
    ),
    (
        "Seramai 8,450,000 pekerja telah dilindungi sehingga Julai 2024.",
        "Altogether 8,450,000 employees had been protected by July 2024.",
    ),
    (
        "PERKESO ialah agensi di bawah Kementerian Sumber Manusia.",
        "SOCSO is an agency under the Ministry of Human Resources.",
    ),
    (
        "Permohonan boleh dibuat di mana-mana pejabat PERKESO.",
        "Applications can be made at any SOCSO office.",
    ),
    (
        "Pertubuhan Keselamatan Sosial mentadbir empat undang-undang.",
        "The Social Security Organisation administers four laws.",
    ),
    (
        "Akta Keselamatan Sosial Pekerja 1969 melindungi pekerja di Malaysia.",
        "The Employees' Social Security Act 1969 protects employees in Malaysia.",
    ),
    (
        "Akta Sistem Insurans Pekerjaan 2017 berkuat kuasa pada 1 Januari 2018.",
        "The Employment Insurance System Act 2017 came into force on 1 January 2018.",
    ),
    (
        "Skim ini bermula pada 1/12/2022 bagi suri rumah.",
        "The scheme for housewives began on 1 December 2022.",
    ),
    ("Siapa yang layak memohon?", "Who may apply?"),
    ("Bagaimanakah cara mengemukakan tuntutan?", "How is a claim made?"),
    ("Dokumen yang diperlukan:", "Documents that are needed:"),
    ("Soalan lazim", "Frequently asked questions"),
    ("Jadual caruman", "Contribution table"),
    ("Borang dan panduan", "Forms and guides"),
    ("Lokasi pejabat", "Office locations"),
    ("Piagam pelanggan", "Client charter"),
    ("Faedah hilang upaya sementara", "Temporary disablement benefit"),
    ("Faedah orang tanggungan", "Dependants' benefit"),
    ("Pencen ilat", "Invalidity pension"),
    ("Elaun layanan sentiasa", "Constant-attendance allowance"),
    (
        "Pekerja yang hilang pekerjaan boleh menuntut elaun dalam tempoh 60 hari.",
        "Employees who have lost their job may claim the allowance within 60 days.",
    ),
    (
        "Elaun dibayar pada kadar 80 % daripada gaji bulan pertama.",
        "The allowance is paid at 80 per cent of the wage of the first month.",
    ),
    (
        "Majikan yang gagal mencarum boleh didenda sehingga RM10,000.00 atau dipenjara dua tahun.",
        "Employers who fail to contribute may be fined up to RM10,000 or imprisoned for two years.",
    ),
    (
        "Bayaran pengurusan mayat ialah RM3,000.",
        "The funeral benefit is RM3,000.",
    ),
    (
        "Sila hubungi 1-300-22-8000 untuk maklumat lanjut.",
        "Please call 1-300-22-8000 for further information.",
    ),
    (
        "Lihat https://contoh.my/panduan untuk panduan penuh.",
        "See https://contoh.my/panduan for the full guide.",
    ),
    (
        "Rekod disimpan selama enam tahun.",
        "Records are kept for 6 years.",
    ),
    (
        "Tuntutan mesti dikemukakan dalam 12 bulan dari tarikh kemalangan.",
        "Claims must be made within 12 months of the date of the accident.",
    ),
    (
        "Perlindungan meliputi kemalangan semasa bekerja, dalam perjalanan dan penyakit pekerjaan.",
        "The protection covers accidents at work, accidents on the way, and occupational diseases.",
    ),
    (
        "Rawatan perubatan percuma diberikan di klinik panel.",
        "Medical treatment is free at panel clinics.",
    ),
    (
        "Caruman bulan Januari perlu dibayar selewat-lewatnya pada 15 Februari 2025.",
        "Contributions for January must be paid by 15 February 2025 at the latest.",
    ),
    (
        "Pekerja asing dilindungi mulai 1 Januari 2019. Majikan perlu mendaftarkan mereka.",
        "Foreign workers have been protected since 1 January 2019. Employers must register them.",
    ),
    (
        "Program ini membantu pekerja kembali bekerja. Ia merangkumi terapi dan latihan semula.",
        "The programme helps employees to return to work. It includes therapy and retraining.",
    ),
    (
        "Penerima pencen boleh mengemas kini akaun bank di kaunter atau dalam talian.",
        "Pensioners can update their bank account at the counter or online.",
    ),
    (
        "Yuran pendaftaran sebanyak RM50 tidak akan dikembalikan.",
        "The registration fee of RM50 is not refunded.",
    ),
    (
        "Denda maksimum ialah RM2,500 bagi kesalahan pertama (Seksyen 94).",
        "The highest fine is RM2,500 for a first offence (Section 94).",
    ),
    (
        "Kajian tahun 2023 menunjukkan penurunan kemalangan sebanyak 4.2 peratus.",
        "A study of 2023 shows that accidents fell by 4.2 per cent.",
    ),
    (
        "<b>Nota:</b> kadar baharu terpakai mulai 1 Julai 2026.",
        "<b>Note:</b> the new rates apply from 1 July 2026.",
    ),
    (
        "Lawatan susulan dibuat pada 3 April 2025 dan 17 April 2025.",
        "Follow-up visits are made on 3 April 2025 and 17 April 2025.",
    ),
    (
        "Faedah dikira berdasarkan gaji harian purata bagi enam bulan sebelum kemalangan.",
        "Benefits are computed from the average daily wage of the six months before the accident.",
    ),
)
