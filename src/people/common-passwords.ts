/**
 * The passwords of twelve characters or more among the 100,000 that were seen most often in breaches, most frequent first,
 * in lower case: those in printable ASCII of the list "PwnedPasswordsTop100k" that the National Cyber Security Centre
 * of the United Kingdom made of Have I Been Pwned (https://www.ncsc.gov.uk/blog-post/passwords-passwords, 2019), but for
 * abuse and addresses.
 */
const SEEN_IN_BREACHES = `
  q1w2e3r4t5y6 pe#5gz29ptzmse 1qaz2wsx3edc 111222tianya 1q2w3e4r5t6y sojdlg123aljg startfinding qwerty123456
  123qweasdzxc polniypizdec0211 n8zgt5p0shw= 123456qwerty megaparol12345 123456654321 telechargement
  123456123456 yfdbufnjh10305070 qazwsxedcrfv 1q2w3e4r5t6y7u8i9o0p polniypizdec110211 qwertyqwerty
  123456789123 112233445566 justinbieber 123456789987654321 maprchem56458 qweasdzxc123 motherfucker
  123456789123456789 5532361cnjqrf qwertyuiop[] qazwsxedc123 international password1234 g13916055158
  temppassword polniypizdec1102 professional 1q2w3e4r5t6y7u qwerasdfzxcv qwertyuiop123 leavemealone
  jundian2011xr 123456789abc administrator finalfantasy 123qwe123qwe projectsadminx ichliebedich
  zxcasdqwe123 123456789qwe sonyericsson asdfghjkl123 jamesbond007 linkedin2011 ihatethisgame playstation3
  1qazxsw23edc s8ylpe9jdpvym 1q2w3e4r5t6y7u8i 123123123123 john!20130605at1753 123321123321 qwegta13091990
  doomsayer.2.7mords.v seniseviyorum 123456789asd 010203040506 onedirection friendofemily 1q2w3e4r5t6y7u8i9o
  transformers gfhjkmgfhjkm supernatural sonnenschein 12345678900987654321 password12345 qwertyuiop12
  needforspeed 1qaz2wsx3edc4rfv migrationschool peanutbutter 1234567890-= doomsayer.2.7mords.vv
  1234567891011 xtseo2011tdx lovelovelove 123456789123456 gettherefast liverpool123 internazionale
  demon1q2w3e4r friendofjoan 102030405060 combat123654 playstation2 demon1q2w3e4r5t ingodwetrust
  sdf7asdf6asdg8df qwertyasdfgh 12345678901234567890 abc123456789 asdfghjkl:&#39: ghhh47hj7649 friendofgerly
  inactive1996aug christopher1 1234567890qwertyuiop avrillavigne ilovemyfamily qwertyytrewq dfg5fhg5vgfh1
  counterstrike jesuslovesme 159753159753 googletester stratocaster hawkesbury93 1234567891234567
  lydcc20091314 123456789qwerty 0r968ji9ufj6 123admin321a qazwsxedcrfvtgb imyaimyaimya yemi19900911
  qazxswedcvfr jkiuztdftl57 xantria10315 starwarsfan10 familiyafamiliya vitor1268123 123456789qaz
  password123456 q1w2e3r4t5y6u7i8o9p0 weronika1992 m01759766727 neworleans12345 natiichen999 123456789101112
  kartoffelpuffer 520love101182 hannahmontana lightpower12345 1234567890123 qwerty123456789 ghbdtnrfrltkf
  stefangreil1983 total12scherz 12345678987654321 moderncombat somanypickles27 leliane50934 przyjaciolki
  laurel12creek yandi20080527 ezekiel11991 marek14michal cosmopolitan heterosexual arabella24630
  edwardcullen sebastian106 fallen_angel knackwurst8853 michaeljackson tkgsoo083bsr ezekiel11989
  vanessa141175 tagesgruppe2010 zaq1xsw2cde3 woshishei319 qwe123qwe123 fenohasina39 nmt89109328673
  123456789000 89173371487v 1234567890qwe magma9824660 8-9899578642 9508402243id 89058895869cth
  fgjrfkbgcbc34 manchesterunited vladcherktecktonik huangfeisuny 44442013vkkv 9121318barssuki
  juliadronina1996 andrey1412ua 05081980bija 011151zangetsu 1urkilbth674 kirik26trimyasov
  1234567890987654321 123456789zxc shiningeagle starwars03ja xenosaga1234 tielandros01 ghjcnjgfhjkm
  elcubano1893a jaw138whet330 residentevil heitor250493 cookiemonster zimmermann33 vesproongh12 minecraft123
  12345677654321 zmx870919123 lpz93ssskqw8q mod7tygrysow mybossmyhero1 nevertarget7 nguyen4thewin
  resistant50m fucktheworld communication hakunamatata password123456789 1234qwerasdf memyselfandi
  ceckbrcerfkbxyjcnm2 q1w2e3r4t5y6u7 qwerty654321 elenanesterova dimafilippov ernestsantikov shirankova42
  sulamifcherenchikova1979 yanchikchmoki vfvfvskfhfve olgastrashney eremei_vasechkin rtertuy77ijyhu7i
  volkova.ksyusha.89 maks.abramov.99.99 valya.kryuchkova.1990 volkovoi_net aliya.mutallapova
  aleksej.shorin.86 maksimilian_nasirov shukshinasveta solomaha-denis valya-garanina soloveibormalei
  oksana130279 kotya_bagdan tema-bushelev guldaniya.galina sivenkovklin skrip-natalya filatovaev1981
  raymonde336schwegel7331987 sofya.kulikova.87 marinaorlova1991 shukurova-ismigu yulyasik2002 volohovich-t
  victorclavier varduhigohar volkovanata77 kirill.kirillov.2013 wwwksenechkawww kotovichvalentina
  mknaxhxeh8yp3tf kovalienko63 ghusieva1958 julia_eduardovna mihail_alekseevskiy406 hugo854lataille1988
  andreyka.gorshkov.98 aleksandr.ustinov.2012 fggjkbyfhbq007 tolstyh.oxana regina-rebina mishanna1936
  bolshoj_zmej summer.fruit zabolotnov1968 beloved_a_devil volfram.kozlov173902 veralipatnikova
  rena.vano1990 antonichmeli zabolotneva_ira sheba417yorck1986vxm7 kotikova_n_m zabelina12391 kovalskaya-t
  dmitrii-skargo spiridonmarkin1982 marina.shapovalo vihlaeva2012 mihail-saratov sevgeyq9v7kor
  malhotra493ozzy1991282151 lobkova.1979 delirium9111 radion-dankov arina-sharapova-80 jannaarhipova
  stone_mitich stas.gorodissky rashaun966krager1993 victoria.kl106 vadyusha.isaev.83 miss-evgeniya-93
  ivankaterinchenko hermina617berno1990f6i kudielia.anna varich-masha olga.rumyanceva.1985 kovalevagn2057
  asil.dovlatov.1982 svetlana-mironova-13 nastina33592 sirazhdinov.shamil alena_plotnikova_1995
  vks1zz9v_7ceu69 plankova2012 raskevichtanja stepanov_georgij victoria14.09 nikolay_thebest asabsmelik5g
  marinochka.zhelannaya rachelle289ariyoshi5251987 narashchivaiunoghti volgograd.orlovka slavik200887
  r6a50de3ujwtog4 shaquillesecx10 ksyusha.kulagina.91 zabolotniy.a bolatov.almaz stas_the_best.ru
  macegorova.mariya prosto_chelkynchik kirill999_97 maitland571ka1994 volkova.elena.13 mikhayildopy
  mozellbranou81e simonova_lyudmila_73 matrassesotk tyumchenko_ok dovbeshkosushova.1972 olga.kazakova_85
  almaz_kiramov marina.ushakovaznuv golubinskij.87 natalya.dmitrieva.1978 yana.kolomoets apalkova.tatiana
  bulka-a-shah renesmeecallen ifuckyou1987 vkovshut_annab1988fg silantyi1987 olesya.kolchina shevcov_alesha
  volodya-ivanov-63 mutalim.gusenov silakova.nadezhda.2012 olechka061187 ahmed_orudzhov sergey.lushnikoff
  voroshilova.liliya goderdzikarxjxv helga_557634 moscowcallin victor_evdokimov levenyatko2007
  victoria392eliezrie1992frp zaxarov-1976 slipchenko2004 manovitskaya zabelinaalena igorek-filatov
  constance626boilard1987 aleks-270379 rendakova_sveta sodikov.talat sss-nastya-sss victoria-berkat-energo
  simonovskiy1970 sorokina7778 siiifonjiknalivai victoria_shkurco sungatullinad milay-ven2011
  miss.marina.nikolaeva.2013 victoriandr01 sergeevna_10.10.91 victoria_002 valentina.victoria stella354926
  egor.vasilin len_rin_kagamine_02 sergey_brrr24 mnenrad6983616 denis_nazarenko kirienko_svetlana
  semina-alina andrey.shalanov valya.korobeynik elvira198927 milanova-kira oksanaorgadykova
  evgenii-shenderovich egorov_maxim gvinpinka123 e-eremeeva1976 dima199219921 qwertykolakola svetlana26rus
  mariagoncharenko galina-davidyuk galinka_korneeva zarina_sabirova maximova_elena77 varfolomeeva0990
  srcuqq1_2j1h3rbf valya-sidenko olqa_motosova yulia-dubrovina ghrimachiova64 volfram.kozlov123633
  dolgushina.76 nastyaanciferova olga.lekarewa voliahim1891 lexaafanasiev84 milankasanakoeva mikhailova-w
  dmitrij.mironov2014 vika.krivonos.1995 andreyka.zhilin.1981 andruhova.1982 victoria-dyatlova
  drozdovaksusha xalitova1988 kudrjashova62 sharmaine005foskett6071988 svetik_kryuchkov zarinochka_b
  antusenok_zhekonya shishmarev76 maksim.bychkov.1986 lady.procenko71 seregakalygin slava_kulbidyuk
  bazueva.1990 kuchierova1994 kovshikova1981 armyach-aleksandra natasha_19.65 valya.gorodn victoria.20000
  zabloczkaya2012 listopad.iuliia akkolesnikov yulia_yulia_13 zabotin_sasha prozukin-shift slava.grinco
  molchanova_tlt goluboglazka08 marinadeduxinaa vashenko.u.u andrey-1983_08 dianochka1924 bad_boys_adience
  spring938burston0001990 manuliktatyana zenit-talnah olgha.pietrova.1979 kurmangazieva_gulmira
  oriflame_1910 vika-selfish misch.sosnin aztyvl_ka44ze yushinazena2009 safronov_3112 ignatova_1978_09
  pyanzina_elena sorokina-999-01 motrya.larina sakoshka_masha glafira110169 hamulakvitaly zarina_loves
  max.kirilov.90 milena699803 rkamkin.karoli1988mp mahmudali1987 shirshov.1968 zabolotnova31337
  nati.beridze.92 riwr2hky4w3tjgg avetisyanartur morozovavalya28 kuznecovviktorr eanovozhilov
  valya-valya-1982 varida.alibaeva mandds1mg6bv8re sergei1986inna rita_nizhnik_r mojurus5575566
  arividerchi_shatalov ghalina_1971 tema.barabin never_desponding varfolomey_72 pletnevakaterina
  simonova5570 rahmudinov92 volokitina.olga fishbaracuda rogovsasha123 777dashuta157 hallucinationse
  azefirov.inno1987.r davidstrokov bakuman.manga.drawing mirellabroersma1987570 mityukova.anya
  zarinaismailova qwertyuiopasdfghjkl151515 sergey-personal victor_sakhalin1990-20 dimulya.vasilenko
  safonova.1967 evial_marina anna.savickaya.1986 ivanovamotya blackangel09021 slonenok1009 vihotsieva94
  regawf7ss1dm7rn golovizina_elena aceeva.irina vicusa.tatyana gidrometeoburo stalker_lemurrr
  damira.shagabutdinova malina_bratsk aqwleeb_6e0pk59 sogevigdil1981 valya.lantux.83 stsnatasha2008
  volkovaolguna matveev792010 gadjieva.gulmira valya.shapoval fyujk.fyukf.87 kinyabuzova.eleonora
  alija-gatina0 zabihullin99 sergej_de_sad olga.ponomarenko.2012 thecrazymaxim maria-demidchik
  korostelev_3333 fjodorova-natashenka valya.klimenko.87 sergey.melnik-1996 serikpaevna_92 voljanka1976
  nemochkao1975 marina_stryazhkova gaar_vitalik73 monaliza2786 strange.lena sataieva.elinka
  romanova.natalya.96 gatina_albina volodina.elena66 arturamirov89 t_v_belyakova efimkin_igor
  sergio-emperior arsik-di-noxcho95 zarina_zhasan mihailpezhemskii antsiferova1973 kamazist.tsobenko
  mogychajagopa dimitr692010 skorpions23.5 serega_torov ramis_bairamov raisa_smelkova kafedra_oisp
  ametistfatal shea019bernabei1992 marielwfledlow nastenabendel kudryavcevavalya shakmakovataisiya1992
  79621601378.kirill ronaldinho10 830928urodziny blahblahblah massimiliano 123456prof_root3.sql.txt:,
  jonasbrothers asdfghjkl;&#39; fuckyoubitch chesterfield 123456prof_root2.sql.txt:, ashishbiyani
  012345678910 s9qxa9yn9cc= 1qa2ws3ed4rf heartbreaker qa27111985qa 123412341234 ghbdtnghbdtn whosyourdaddy
  q18lg49iq8bhu tequieromucho 1233211234567 kingdomhearts love123456789 iseedeadpeople typetogether
  asdasdasdasd 123qwe456rty 1234567qwertyu 123456789987 password12345678 flvbybcnhfnjh construction
  chocolate123 iloveyoubaby password1234567 qwertyuiopasdfghjkl peaceandlove basketball23 dkflbvbhjdyf
  googlecheckout qwertyuiop12345 1234567890qw architecture goodcharlotte friends4ever abc123abc123
  winniethepooh kikugalanetroot foreveryoung 1580@welcamino easytocrack1 123321456654 asdfgh123456
  qwertyuiop1234567890 tempesth1941 tundra_cool2 112233445566778899 linkedinpass zaq12wsxcde3 zxcvbnm12345
  sdf7asdf6asdg8df1 fktrcfylhjdyf 1234567890qwerty 123456789012 qazwsx123456 19761968serg lost4815162342
  linkedin.com i234i234i234 deepfrequency mortalkombat 123asd123asd sanfrancisco warhammer40k 123456789aaa
  tivogliobene loop1206ssdsff asd123456789 spiderman123 mbtvibranike zxcvbn123456 default_password
  internacional asd123asd123 123456789012345 friendofarriane cod12qw75rqyi59n iloveyousomuch
  1234567890123456 azerty123456 abcdef123456 dragonslayer skateboarding allahisgreat paralelepipedo
  159357159357 devilmaycry4 q1w2e3r4t5y6u7i8 a1s2d3f4g5h6 happybirthday 1234qwerasdfzxcv lulu889jdddd
  30secondstomars alexander123 systemofadown 4815162342lost denya2531914 cristianoronaldo 123321qweewq
  asdfasdfasdf password@123 a1b2c3d4e5f6 a1a2a3a4a5a6 harrypotter1 neversaynever philadelphia qwerty1234567
  89216279708a 5.254.105.20:test 159753456852 finalfantasy7 seniseviyoru homersimpson vkontakte.ru
  friendsforever satisfaction 07061985nina riodejaneiro elvispresley 1q2w3e1q2w3e basketball12
  lordoftherings abuse_123456_abuse linkedinpassword cheeseburger qwertasdfgzxcvb bismillah786 orlandobloom
  kindergarten zxcvbnmmnbvcxz 1234567654321 strawberries dallascowboys 1a2b3c4d5e6f 8602229096klo
  asdasd123123 vtuf36jhufpv njhygtftb567 gv5235523532 123456abcdef g00dpa$$w0rd arquitectura
  e10adc3949ba59abbe56 confidential nastyanastya majiajun8888 butterscotch britneyspears lavidaesbella
  michelangelo 014702580369 123123qweqwe modernwarfare2 cheerleading alhamdulillah asdasdasd123 dkflbvbhjdbx
  123456789qwer 1a2s3d4f5g6h qwertyuiopasdfghjklzxcvbnm 111222333444 barcelona123 zxcvbnm123456789
  112358132134 d41d8cd98f00 islcollective mercedesbenz 010203010203 qweqwe123123 friendofthenext18peoplew
  queteimporta optimusprime mimamamemima narutouzumaki fkmnthyfnbdf over2yangshuo azertyuiop123
  showmethemoney 1234567890qaz 31p5wtdyg/wgq harleydavidson kobebryant24 praisethelord 5.254.105.20:test1
  passwordpassword dreamtheater 123456789love registration travelmoleoptin independence entertainment
  qawsedrftgyh 12345678912345 hd764nw5d7e1vb1 lavieestbelle 123456789987654 linkedin2010 1q2w3e4r5t6y7
  metallica123 dfczcghjcbnm sergey-ivanov pakistan1947 jesuschrist1 9749676621ok ilovemyindia qazxswedc123
  1234567899876543 102030102030 123456789qwertyuiop 12qw34er56ty fktrcfylhjdbx butterfly123 qwertyuiop1234
  mariafernanda ilovemymother password2010 159753852456 010203040506070809 thelordisgood 1a2a3a4a5a6a
  zaqwsxcderfv 1qa2ws3ed4rf5tg zxcvbnmzxcvbnm 123456789abcd huangjin1987 foreveralone charliebrown
  linkedin1234 jeremiah2911 111122223333 fenerbahce1907 1qazxsw23edcvfr4 financial123 12345671234567
  worldofwarcraft qwerty1234567890 qwaszxerdfcv mariaeduarda sasukeuchiha 123123456456 galatasaray1905
  asdasd12313d asdfghjklzxcvbnm qaz123wsx456 ukflbfnjh12345 abcdefghijkl zxcvbnm1234567 qwe123456789
  6dnwch275049 splintercell wanshuai198202 123qwerty123 polikloh00000 qwertyuiop123456789 bobthebuilder
  595490067ua1 37gudoplfs45 1580welcamino 1122334455667788 102030405060708090 ghjcnjrdfibyj powerrangers
  ijfrnhf7yhcy54bhy0cd qazwsxqazwsx billgeitslox haveaniceday dreamcatcher spongebob123 basketball11
  alteclansing qwertyuiopasdfg snowboarding runescape123 dragonmaster 123456789qqq 123456789qwertyuio
  avadakedavra microbiology encyclopedia 753951852456 unitedstates 1234567887654321 independiente
  sebastian123 christian123 fuckfuckfuck qwertyuiop123456 zcfvfzkexifz 827ccb0eea8a706c4c happynewyear
  qwepoiasdlkj fuckthisshit punksnotdead sutenm123456 mamanjetaime 852456852456 $hex[687474703a2f2f616473]
  159753258456 biotechnology 11223344556677 password2011 liverpool1892 thereisnospoon seo21saafd23
  mississippi1 schmetterling witspass1234 110331rahili cheekymonkey wrestlemania komltptfcorp universitario
  12345678910a zcfvfzrhfcbdfz zxcvbnm123456 determination z1x2c3v4b5n6m7 metallica666
  111111prof_root3.sql.txt:, anastasija3010 mynameiskhan friendofearning$1 shootingstar 1234567890abc
  $hex[687474703a2f2f777777] konfetina-kis grandchildren iloveyou1234 123451234512345
  111111prof_root2.sql.txt:, gofuckyourself butterfinger mediterraneo 123456789abcde lookingforlove
  123456asdfgh 1234567812345678 123456789zxcvbnm 121212121212 panathinaikos swaminarayan rollercoaster
  123456zxcvbn 111222333444555 q1w2e3r4t5y6u7i8o9 informatique stratovarius cjdthitycndj 1234567qwerty
  windowsvista stefancelmare 122333444455555 1q2w3e4r5t6y7u8 relationship livelaughlove homesweethome
  z1x2c3v4b5n6 hellogoodbye marcoantonio 1qaz2wsx3edc4rfv5tgb pincopallino hellokitty123 1z2x3c4v5b6n
  zxc123456789 vladimirovna bismillah123 biochemistry 987654321123456789 wocao5201314 zxcvbnmasdfghjkl
  dragonballgt gygypyfyyyposhy welcome12345 werderbremen 112233112233 gtasanandreas 1234567890qwer
  mychemicalromance misericordia love777321777 sexonthebeach masterblaster thisismypassword holidaysecure123
  123456789qwert 1q2w3e4r5t6z qaz123456789 asdfghjkl12345 123456789101 blackandwhite basketball22
  123456789asdf frankenstein playstation1 ghjcnjqgfhjkm qwe123rty456 basketball123 123456789zzz
  6666666666empulgara fisioterapia alleniverson lol123456789 123456789lol 198719871987 motherfucker1
  manchester123 lebronjames23 marinamarina 123ewqasdcxz blacksabbath radhakrishna tinkerbell12 cradleoffilth
  marilynmanson holidaysecure123$ akusayangkamu 741085209630 backstreetboys blckd_sa_unpaidfee_oct06
  poseinfopass 5qwerty67890 uzumakinaruto nightcrawler linkedinlinkedin dancingqueen ptybnxtvgbjy
  omnamahshivay 000webhost.com silversurfer masloboinikova1987 123123123123123 californication qwerty112233
  tobeornottobe rollingstones friendofyoucanmake$200- ghjcnjghjcnj akucintakamu qwerasdf1234 refillmotives
  friendofeveryemailyouproc 159357258456 radhekrishna jh5thrwgefsdfs shahrukhkhan kingdomhearts2
  951753852456 mypassphrase 2gether4ever valentinorossi 858877108aop 123456789789 1324354657687980
  yegbpltw2012lol marijuana420 1234567890qwert prettyinpink crosscountry 123qwe456asd whysoserious
  qwerty777888 12345qwertasdfg assassinscreed 654321123456 qwerty12345678 winnipeg2612 lhbjkjubz2957704
  asdfghjkl456 residentevil4 indianajones zaqxswcdevfr d41d8cd98f00b204e980 popokatepetl alejandro123
  birthvillage battlefield2 basketball10 webmaster123 tygferrfddss avengedsevenfold greenlantern
  d1bd6bc58c1d74df41a957489c9942f5 123abc123abc 123012301230 qwaszxqwaszx basketball13 profissional
  amazinggrace besiktas1903 elizabeth123 professionaltools qwerty123321 venividivici l33tsupah4x0r
  ilovethisgame opelastra123 streetfighter jafjkshf7y6w34rjd migrationsandeep thunderstorm santodomingo
  1234567891234 qwertyuiop789 sagopakajmer hedimaptfcorp unitedkingdom 1213141516171819 newfoundland
  742617000027 32615948worms amerikanblend zaqxswcde123 abc123def456 amoremiotiamo dragonballz1 loveandpeace
  fernandotorres qweasdqweasd swamisamarth pokemon12345 pakistan12345 ciaociaociao linkedin2012
  etravelmoleoptin khuljasimsim alexdelpiero asiamarketing howareyou123 louisvuitton modernwarfare
  bootylicious davidbeckham 12345678qwertyui iloveyou4ever jacksonville 11223344556677889900
  htt//members.cumfiesta.com/ drm199019902323 necronomicon qazwsxedc12345 hastalavista asdfqwer1234
  blackpanther
`;

/**
 * What people choose first where twelve characters are asked for, and that list is too old or too short to have: rows of
 * keys, counting, words twice, and the usual words with the usual ending.
 */
const EXPECTED = `
  098765432109 987654321098 qwertyuiopas qwertz123456 azertyuiop12 abcdefghijklm abcd1234abcd abcd12345678
  aaaa11112222 password123! password2024 password2025 password2026 p@ssw0rd1234 p@ssword1234 passw0rd1234
  mypassword12 mypassword123 newpassword1 newpassword123 changeme1234 changemechangeme changeit1234
  letmeinletmein letmein12345 welcome123456 welcomewelcome administrator1 adminadminadmin adminadmin12
  adminadmin123 admin1234567 admin123456789 administrator123 rootrootroot superuser123 testtesttest
  test12345678 iloveyouiloveyou sunshine1234 princess1234 football1234 baseball1234 monkeymonkey
  dragon123456 superman1234 starwars1234 trustno1trustno1 correcthorsebatterystaple secretsecret
  secret123456 default12345 company12345 summer202512 winter202512 signalbox123 signalbox1234
  signalboxsignalbox
`;

/** Passwords that somebody would try first, in lower case. All others are left to the lock-out. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set([
  ...wordsOf(SEEN_IN_BREACHES),
  ...wordsOf(EXPECTED),
  'correct horse battery staple',
]);

function wordsOf(list: string): string[] {
  return list.trim().split(/\s+/);
}
