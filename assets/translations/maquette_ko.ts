<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>About</name>
    <message>
        <location filename="../../widgets/translation/about.py" line="78" />
        <location filename="../../widgets/translation/about.py" line="121" />
        <source>About this model</source>
        <translation>이 모델에 대하여</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/about.py" line="83" />
        <location filename="../../widgets/translation/about.py" line="108" />
        <source>Use these answers</source>
        <translation>이 답으로 쓰기</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/about.py" line="102" />
        <source>The file does not say this. What is likely is chosen.</source>
        <translation>파일에는 나와 있지 않습니다. 그럴듯한 답을 골라 두었습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/about.py" line="104" />
        <source>The file does not say this; these are your answers.</source>
        <translation>파일에는 나와 있지 않아 고르신 답을 씁니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/about.py" line="119" />
        <source>About this model ({n} guessed)</source>
        <translation>이 모델에 대하여 (짐작 {n}개)</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <location filename="../../widgets/actions.py" line="98" />
        <source>&amp;Open…</source>
        <translation>열기(&amp;O)…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="98" />
        <source>Open</source>
        <translation>열기</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="99" />
        <source>Open fol&amp;der…</source>
        <translation>폴더 열기(&amp;D)…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="100" />
        <source>&amp;Save session</source>
        <translation>세션 저장(&amp;S)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="100" />
        <source>Save</source>
        <translation>저장</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="101" />
        <source>Save session &amp;as…</source>
        <translation>다른 이름으로 세션 저장(&amp;A)…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="103" />
        <source>Save the wa&amp;lk…</source>
        <translation>걷기 저장(&amp;L)…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="103" />
        <source>Save…</source>
        <translation>저장…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="104" />
        <source>&amp;Finish</source>
        <translation>완성(&amp;F)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="104" />
        <source>Finish</source>
        <translation>완성</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="106" />
        <source>Finish all pi&amp;ns</source>
        <translation>고정한 그림 모두 완성(&amp;N)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="107" />
        <source>&amp;Gallery…</source>
        <translation>갤러리(&amp;G)…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="107" />
        <source>Gallery</source>
        <translation>갤러리</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="109" />
        <source>Export &amp;bundle…</source>
        <translation>번들 내보내기(&amp;B)…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="109" />
        <source>Export…</source>
        <translation>내보내기…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="110" />
        <source>&amp;Verify a bundle…</source>
        <translation>번들 검증(&amp;V)…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="111" />
        <source>&amp;Quit</source>
        <translation>끝내기(&amp;Q)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="112" />
        <source>&amp;Undo</source>
        <translation>되돌리기(&amp;U)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="113" />
        <source>&amp;Redo</source>
        <translation>다시 하기(&amp;R)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="114" />
        <source>&amp;Copy the picture</source>
        <translation>그림 복사(&amp;C)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="117" />
        <source>New &amp;seed</source>
        <translation>새 시드(&amp;S)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="118" />
        <source>Stop drawing</source>
        <translation>그리기 멈추기</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="119" />
        <source>&amp;Pin what is drawn</source>
        <translation>그린 것을 고정(&amp;P)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="120" />
        <source>Play the &amp;walk</source>
        <translation>걷기 재생(&amp;W)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="120" />
        <source>Play</source>
        <translation>재생</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="121" />
        <source>&amp;Keep this subnet</source>
        <translation>이 서브넷 간직(&amp;K)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="121" />
        <source>Keep</source>
        <translation>간직</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="123" />
        <source>&amp;Measure on this computer</source>
        <translation>이 컴퓨터에서 측정(&amp;M)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="123" />
        <source>Measure</source>
        <translation>측정</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="125" />
        <source>Sweep…</source>
        <translation>훑기…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="126" />
        <source>&amp;Blind test…</source>
        <translation>블라인드 테스트(&amp;B)…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="126" />
        <source>Blind test…</source>
        <translation>블라인드 테스트…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="127" />
        <source>&amp;Grid of variants…</source>
        <translation>변형 모아 보기(&amp;G)…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="127" />
        <source>Grid…</source>
        <translation>모아 보기…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="128" />
        <source>La&amp;yer by layer…</source>
        <translation>층별로 보기(&amp;Y)…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="129" />
        <source>Save the &amp;table…</source>
        <translation>표 저장(&amp;T)…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="130" />
        <source>C&amp;opy the table</source>
        <translation>표 복사(&amp;O)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="131" />
        <source>Make &amp;elastic…</source>
        <translation>탄력적으로 만들기(&amp;E)…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="132" />
        <source>GAN Compress&amp;ion…</source>
        <translation>GAN 압축(&amp;I)…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="133" />
        <source>&amp;Full only</source>
        <translation>전체만(&amp;F)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="134" />
        <source>&amp;Current only</source>
        <translation>현재만(&amp;C)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="135" />
        <source>&amp;Side by side</source>
        <translation>나란히(&amp;S)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="135" />
        <source>Side</source>
        <translation>나란히</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="136" />
        <source>&amp;Wipe</source>
        <translation>쓸어 보기(&amp;W)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="136" />
        <source>Wipe</source>
        <translation>쓸기</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="137" />
        <source>&amp;Blink</source>
        <translation>번갈아 보기(&amp;B)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="137" />
        <source>Blink</source>
        <translation>번갈아</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="140" />
        <source>&amp;Difference</source>
        <translation>차이(&amp;D)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="144" />
        <source>Diff</source>
        <translation>차이</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="147" />
        <source>F&amp;it</source>
        <translation>맞춤(&amp;I)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="148" />
        <source>&amp;Actual size</source>
        <translation>실제 크기(&amp;A)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="149" />
        <source>S&amp;mooth</source>
        <translation>부드럽게(&amp;M)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="151" />
        <source>&amp;Reset layout</source>
        <translation>배치 초기화(&amp;R)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="154" />
        <source>&amp;Keys</source>
        <translation>단축키(&amp;K)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="157" />
        <source>&amp;Diagnostics…</source>
        <translation>진단(&amp;D)…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="156" />
        <source>&amp;Log…</source>
        <translation>기록(&amp;L)…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="102" />
        <source>Save the shown &amp;picture…</source>
        <translation>보이는 그림 저장(&amp;P)…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="105" />
        <source>F&amp;inish as…</source>
        <translation>다른 이름으로 완성(&amp;I)…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="108" />
        <source>R&amp;eport…</source>
        <translation>보고서(&amp;E)…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="115" />
        <source>Copy picture as command</source>
        <translation>그림을 명령으로 복사</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="116" />
        <source>Copy comparison as command</source>
        <translation>비교를 명령으로 복사</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="146" />
        <source>Swa&amp;p A and B</source>
        <translation>A와 B 바꾸기(&amp;P)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="150" />
        <source>Wha&amp;t it costs</source>
        <translation>드는 비용(&amp;T)</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="153" />
        <source>&amp;Unsaved work…</source>
        <translation>저장하지 않은 작업(&amp;U)…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="152" />
        <source>Prefere&amp;nces…</source>
        <translation>환경 설정(&amp;N)…</translation>
    </message>
    <message>
        <location filename="../../widgets/actions.py" line="155" />
        <source>De&amp;vices…</source>
        <translation>장치(&amp;V)…</translation>
    </message>
</context>
<context>
    <name>AttributeSlider</name>
    <message>
        <location filename="../../widgets/attribute_slider.py" line="37" />
        <source>Reset {name}</source>
        <translation>{name} 되돌리기</translation>
    </message>
</context>
<context>
    <name>Attributes</name>
    <message>
        <location filename="../../widgets/attribute_names.py" line="12" />
        <source>age</source>
        <translation>세월</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="13" />
        <source>backdrop</source>
        <translation>배경</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="14" />
        <source>beard</source>
        <translation>수염</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="15" />
        <source>brows</source>
        <translation>눈썹</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="16" />
        <source>cap</source>
        <translation>모자</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="17" />
        <source>cap hue</source>
        <translation>모자 색상</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="18" />
        <source>cheeks</source>
        <translation>볼</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="19" />
        <source>clay hue</source>
        <translation>점토 색상</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="20" />
        <source>clay tone</source>
        <translation>점토 밝기</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="21" />
        <source>cloth hue</source>
        <translation>옷 색상</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="22" />
        <source>ears</source>
        <translation>귀</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="23" />
        <source>eyes</source>
        <translation>눈</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="24" />
        <source>gaze</source>
        <translation>시선</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="25" />
        <source>glasses</source>
        <translation>안경</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="26" />
        <source>gloss</source>
        <translation>광택</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="27" />
        <source>hair</source>
        <translation>머리카락</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="28" />
        <source>hair hue</source>
        <translation>머리 색상</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="29" />
        <source>hairstyle</source>
        <translation>머리 모양</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="30" />
        <source>hat hue</source>
        <translation>모자 색상</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="31" />
        <source>height</source>
        <translation>머리 높이</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="32" />
        <source>jaw</source>
        <translation>턱</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="33" />
        <source>lids</source>
        <translation>눈꺼풀</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="34" />
        <source>light</source>
        <translation>조명 방향</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="35" />
        <source>light height</source>
        <translation>조명 높이</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="36" />
        <source>mouth</source>
        <translation>입</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="37" />
        <source>nod</source>
        <translation>끄덕임</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="38" />
        <source>nose</source>
        <translation>코</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="39" />
        <source>smile</source>
        <translation>미소</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="40" />
        <source>tilt</source>
        <translation>기울기</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="41" />
        <source>turn</source>
        <translation>고개 돌림</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="42" />
        <source>warmth</source>
        <translation>따뜻함</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="45" />
        <source>direction {n}</source>
        <translation>방향 {n}</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="46" />
        <source>coarse {n}</source>
        <translation>큰 틀 {n}</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="47" />
        <source>middle {n}</source>
        <translation>중간 {n}</translation>
    </message>
    <message>
        <location filename="../../widgets/attribute_names.py" line="48" />
        <source>fine {n}</source>
        <translation>세부 {n}</translation>
    </message>
    <message>
        <location filename="../../widgets/attributes.py" line="47" />
        <source>Reset all</source>
        <translation>모두 되돌리기</translation>
    </message>
    <message>
        <location filename="../../widgets/attributes.py" line="49" />
        <source>All attributes back to 0</source>
        <translation>모든 속성을 0으로</translation>
    </message>
    <message>
        <location filename="../../widgets/attributes.py" line="55" />
        <location filename="../../widgets/attributes.py" line="56" />
        <source>Find an attribute</source>
        <translation>속성 찾기</translation>
    </message>
    <message>
        <location filename="../../widgets/attributes.py" line="59" />
        <source>No attribute has that in its name.</source>
        <translation>이름에 그 말이 든 속성이 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/attributes.py" line="66" />
        <location filename="../../widgets/attributes.py" line="116" />
        <source>Found directions</source>
        <translation>찾아낸 방향</translation>
    </message>
    <message>
        <location filename="../../widgets/attributes.py" line="70" />
        <source>Directions that change the picture most, worked out from the weights (SeFa, Shen &amp; Zhou 2021, section 3)</source>
        <translation>그림을 가장 많이 바꾸는 방향. 가중치에서 계산합니다(SeFa, Shen &amp; Zhou 2021, 3절)</translation>
    </message>
    <message>
        <location filename="../../widgets/attributes.py" line="80" />
        <source>Attributes</source>
        <translation>속성</translation>
    </message>
    <message>
        <location filename="../../widgets/attributes.py" line="114" />
        <source>Found directions ({n} in use)</source>
        <translation>찾아낸 방향({n}개 사용 중)</translation>
    </message>
    <message>
        <location filename="../../widgets/attributes.py" line="131" />
        <source>{n} more</source>
        <translation>{n}개 더</translation>
    </message>
    <message>
        <location filename="../../widgets/attributes.py" line="144" />
        <source>Moves the latent w along the direction “{name}”</source>
        <translation>잠재 벡터 w를 “{name}” 방향으로 옮깁니다</translation>
    </message>
    <message>
        <location filename="../../widgets/attributes.py" line="165" />
        <source>Reset all attributes</source>
        <translation>모든 속성 되돌리기</translation>
    </message>
</context>
<context>
    <name>Baking</name>
    <message>
        <location filename="../../widgets/recipes/baking.py" line="290" />
        <source>Apply the recipe</source>
        <translation>레시피 적용</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/baking.py" line="342" />
        <source>The applied recipe is gone; apply it again.</source>
        <translation>적용한 레시피가 없어졌습니다. 다시 적용하세요.</translation>
    </message>
</context>
<context>
    <name>BlindTest</name>
    <message>
        <location filename="../../widgets/blind/dialog.py" line="88" />
        <source>Blind test</source>
        <translation>블라인드 테스트</translation>
    </message>
    <message>
        <location filename="../../widgets/blind/dialog.py" line="99" />
        <source>The variant that is tested</source>
        <translation>테스트하는 변형</translation>
    </message>
    <message>
        <location filename="../../widgets/blind/dialog.py" line="102" />
        <source>Picture A</source>
        <translation>그림 A</translation>
    </message>
    <message>
        <location filename="../../widgets/blind/dialog.py" line="103" />
        <source>Picture B</source>
        <translation>그림 B</translation>
    </message>
    <message>
        <location filename="../../widgets/blind/dialog.py" line="106" />
        <source>&amp;A is full</source>
        <translation>&amp;A가 전체</translation>
    </message>
    <message>
        <location filename="../../widgets/blind/dialog.py" line="107" />
        <source>&amp;B is full</source>
        <translation>&amp;B가 전체</translation>
    </message>
    <message>
        <location filename="../../widgets/blind/dialog.py" line="113" />
        <source>Test again</source>
        <translation>다시 테스트</translation>
    </message>
    <message>
        <location filename="../../widgets/blind/dialog.py" line="115" />
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <location filename="../../widgets/blind/dialog.py" line="128" />
        <source>full against</source>
        <translation>전체와 비교할 것</translation>
    </message>
    <message>
        <location filename="../../widgets/blind/dialog.py" line="264" />
        <source>There is no variant but full. Choose a width below 1 first.</source>
        <translation>전체 말고는 변형이 없습니다. 먼저 1보다 작은 너비를 고르세요.</translation>
    </message>
    <message>
        <location filename="../../widgets/blind/dialog.py" line="266" />
        <source>There is no variant but full. Choose fewer steps or a width first.</source>
        <translation>전체 말고는 변형이 없습니다. 먼저 스텝을 줄이거나 너비를 고르세요.</translation>
    </message>
    <message>
        <location filename="../../widgets/blind/dialog.py" line="269" />
        <source>Picture {n} of {all}.</source>
        <translation>그림 {all}장 중 {n}번째.</translation>
    </message>
    <message>
        <location filename="../../widgets/blind/dialog.py" line="273" />
        <source>Which one is full? Press A or B; guess where you cannot tell.</source>
        <translation>어느 쪽이 전체입니까? A나 B를 누르세요. 모르겠으면 찍으세요.</translation>
    </message>
    <message>
        <location filename="../../widgets/blind/dialog.py" line="275" />
        <source>Drawing…</source>
        <translation>그리는 중…</translation>
    </message>
    <message>
        <location filename="../../widgets/blind/dialog.py" line="283" />
        <source>You found full in {right} of {all} pictures.</source>
        <translation>그림 {all}장 중 {right}장에서 전체를 맞혔습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/blind/dialog.py" line="287" />
        <source>By guessing alone, a score at least as far from half comes up in {share} of such tests (exact binomial test, two-sided, p = {p}).</source>
        <translation>찍기만 해도 이런 테스트의 {share}에서 절반으로부터 이만큼 이상 벗어난 점수가 나옵니다(정확 이항 검정, 양측, p = {p}).</translation>
    </message>
    <message>
        <location filename="../../widgets/blind/dialog.py" line="291" />
        <source>So you can tell {name} from full.</source>
        <translation>{name}과(와) 전체를 구별할 수 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/blind/dialog.py" line="293" />
        <source>So you can tell {name} from full, but you took it for the better one.</source>
        <translation>{name}과(와) 전체를 구별할 수 있지만, 더 나은 쪽으로 잘못 골랐습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/blind/dialog.py" line="295" />
        <source>That is no sign that you can tell {name} from full.</source>
        <translation>{name}과(와) 전체를 구별할 수 있다는 증거가 되지 않습니다.</translation>
    </message>
</context>
<context>
    <name>BottomPanel</name>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="92" />
        <source>Variants and what they cost</source>
        <translation>변형과 드는 비용</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="115" />
        <source>Filter</source>
        <translation>거르기</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="116" />
        <source>Filter the table</source>
        <translation>표 거르기</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="117" />
        <source>Rows in which every word occurs, such as: 0.5 64</source>
        <translation>모든 낱말이 들어 있는 줄만, 예: 0.5 64</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="121" />
        <source>Italic: live numbers of this picture. Upright: measured on this computer.</source>
        <translation>기울임: 이 그림의 실시간 숫자. 바로 선 글자: 이 컴퓨터에서 측정.</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="250" />
        <source>Remove this measurement</source>
        <translation>이 측정 제거</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="256" />
        <source>Show on side {side}</source>
        <translation>{side}쪽에 보이기</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="260" />
        <source>Make it current</source>
        <translation>현재로 삼기</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="263" />
        <source>Export bundle…</source>
        <translation>번들 내보내기…</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="268" />
        <source>Measure</source>
        <translation>측정</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="271" />
        <source>Copy as command</source>
        <translation>명령으로 복사</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="274" />
        <source>Layer by layer…</source>
        <translation>층별로 보기…</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="279" />
        <source>Remove</source>
        <translation>제거</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="285" />
        <source>Median over seeds (first to third quartile)</source>
        <translation>시드에 걸친 중앙값 (제1~제3 사분위수)</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="297" />
        <source>name</source>
        <translation>이름</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="298" />
        <source>width</source>
        <translation>너비</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="299" />
        <source>px</source>
        <translation>px</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="299" />
        <source>Resolution in pixels</source>
        <translation>해상도(픽셀)</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="300" />
        <source>parameters</source>
        <translation>매개변수</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="302" />
        <source>MACs</source>
        <translation>MACs</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="304" />
        <source>True multiply-accumulates of one picture; no measure of speed</source>
        <translation>그림 한 장에 실제로 드는 곱셈-누산. 속도의 척도가 아닙니다</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="307" />
        <source>MACs (paper)</source>
        <translation>MACs (논문)</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="309" />
        <source>As papers count: transposed convolutions at their output size</source>
        <translation>논문 방식: 전치 합성곱을 출력 크기로 셉니다</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="317" />
        <source>Median (tenth to ninetieth percentile) of one picture here</source>
        <translation>이 컴퓨터에서 그림 한 장의 중앙값(10~90 백분위)</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="311" />
        <source>size</source>
        <translation>크기</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="313" />
        <source>latency</source>
        <translation>지연</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="320" />
        <source>Peak signal-to-noise ratio to full; higher is closer</source>
        <translation>전체에 대한 최대 신호 대 잡음비. 높을수록 가깝습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="323" />
        <source>Structural similarity to full (Wang et al. 2004); 1 is equal</source>
        <translation>전체와의 구조적 유사도(Wang 외 2004). 1이면 같습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="326" />
        <source>Visible difference to full (Andersson et al. 2020); 0 is none</source>
        <translation>전체와 눈에 보이는 차이(Andersson 외 2020). 0이면 없습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="333" />
        <source>denoiser step</source>
        <translation>디노이저 스텝</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="336" />
        <source>One call of the denoiser, with all that guidance wants</source>
        <translation>디노이저 호출 한 번(가이던스에 필요한 계산 포함)</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="339" />
        <source>numbers</source>
        <translation>숫자</translation>
    </message>
    <message>
        <location filename="../../widgets/bottom_panel.py" line="341" />
        <source>Where latency and fidelity come from</source>
        <translation>지연과 충실도가 어디서 왔는지</translation>
    </message>
</context>
<context>
    <name>BundlePage</name>
    <message>
        <location filename="../../widgets/export/bundle_page.py" line="46" />
        <source>Files of the bundle</source>
        <translation>번들의 파일</translation>
    </message>
    <message>
        <location filename="../../widgets/export/bundle_page.py" line="50" />
        <source>Back</source>
        <translation>뒤로</translation>
    </message>
    <message>
        <location filename="../../widgets/export/bundle_page.py" line="51" />
        <source>Open folder</source>
        <translation>폴더 열기</translation>
    </message>
    <message>
        <location filename="../../widgets/export/bundle_page.py" line="52" />
        <source>Copy command</source>
        <translation>명령 복사</translation>
    </message>
    <message>
        <location filename="../../widgets/export/bundle_page.py" line="53" />
        <location filename="../../widgets/export/bundle_page.py" line="87" />
        <location filename="../../widgets/export/bundle_page.py" line="108" />
        <source>Verify again</source>
        <translation>다시 검증</translation>
    </message>
    <message>
        <location filename="../../widgets/export/bundle_page.py" line="82" />
        <source>Exported and verified in {time}: {ran} of {all} files were run here and agree with the original; {files} files, {size}.</source>
        <translation>{time} 만에 내보내고 검증했습니다. 파일 {all}개 가운데 {ran}개를 여기서 실행했고 원본과 일치합니다. 모두 파일 {files}개, {size}입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/export/bundle_page.py" line="93" />
        <source>This is what the bundle says of itself. Nothing of it has been checked on this computer yet.</source>
        <translation>번들이 스스로 밝힌 내용입니다. 이 컴퓨터에서는 아직 아무것도 확인하지 않았습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/export/bundle_page.py" line="97" />
        <source>Verify</source>
        <translation>검증</translation>
    </message>
    <message>
        <location filename="../../widgets/export/bundle_page.py" line="103" />
        <source>Verified in {time}: {files} files are as they were written; {ran} of {all} networks were run here and agree with the reference.</source>
        <translation>{time} 만에 검증했습니다. 파일 {files}개는 쓰인 그대로이고, 네트워크 {all}개 가운데 {ran}개를 여기서 실행했으며 기준과 일치합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/export/bundle_page.py" line="112" />
        <source>Refused: {why}</source>
        <translation>거부됨: {why}</translation>
    </message>
    <message>
        <location filename="../../widgets/export/bundle_page.py" line="134" />
        <source>{model}, licence {licence}</source>
        <translation>{model}, 라이선스 {licence}</translation>
    </message>
    <message>
        <location filename="../../widgets/export/bundle_page.py" line="150" />
        <source>not run here: {why}</source>
        <translation>여기서 실행 안 함: {why}</translation>
    </message>
    <message>
        <location filename="../../widgets/export/bundle_page.py" line="166" />
        <source>file</source>
        <translation>파일</translation>
    </message>
    <message>
        <location filename="../../widgets/export/bundle_page.py" line="167" />
        <source>size</source>
        <translation>크기</translation>
    </message>
    <message>
        <location filename="../../widgets/export/bundle_page.py" line="169" />
        <source>difference</source>
        <translation>차이</translation>
    </message>
    <message>
        <location filename="../../widgets/export/bundle_page.py" line="172" />
        <source>Parity: the largest difference of a value from PyTorch in f32, same subnet</source>
        <translation>일치도(parity): 같은 서브넷의 PyTorch f32 값과 가장 큰 차이</translation>
    </message>
    <message>
        <location filename="../../widgets/export/bundle_page.py" line="178" />
        <source>Visible difference to full (Andersson et al. 2020); 0 is none</source>
        <translation>전체와 눈에 보이는 차이(Andersson 외 2020). 0이면 없습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/export/bundle_page.py" line="183" />
        <source>Structural similarity to full (Wang et al. 2004); 1 is equal</source>
        <translation>전체와의 구조적 유사도(Wang 외 2004). 1이면 같습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/export/bundle_page.py" line="189" />
        <source>Peak signal-to-noise ratio to full; higher is closer</source>
        <translation>전체에 대한 최대 신호 대 잡음비. 높을수록 가깝습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/export/bundle_page.py" line="191" />
        <source>latency</source>
        <translation>지연</translation>
    </message>
    <message>
        <location filename="../../widgets/export/bundle_page.py" line="192" />
        <source>verified on</source>
        <translation>검증한 곳</translation>
    </message>
</context>
<context>
    <name>BundleWindow</name>
    <message>
        <location filename="../../widgets/export/bundle_window.py" line="26" />
        <source>Bundle</source>
        <translation>번들</translation>
    </message>
    <message>
        <location filename="../../widgets/export/bundle_window.py" line="41" />
        <source>Bundle {name}</source>
        <translation>번들 {name}</translation>
    </message>
</context>
<context>
    <name>Captions</name>
    <message>
        <location filename="../../widgets/captions.py" line="266" />
        <source>{precision} against PyTorch f32: {psnr}</source>
        <translation>{precision} 대 PyTorch f32: {psnr}</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="66" />
        <location filename="../../widgets/captions.py" line="282" />
        <source>equal</source>
        <translation>같음</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="78" />
        <source>not a subnet of this model</source>
        <translation>이 모델의 서브넷이 아님</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="90" />
        <source>widths {width}, {pixels} px</source>
        <translation>너비 {width}, {pixels} px</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="94" />
        <source>width {width} Anycost, {pixels} px</source>
        <translation>너비 {width} Anycost, {pixels} px</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="96" />
        <source>width {width}, {pixels} px</source>
        <translation>너비 {width}, {pixels} px</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="107" />
        <location filename="../../widgets/captions.py" line="150" />
        <source>width {width}</source>
        <translation>너비 {width}</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="110" />
        <source>by timestep</source>
        <translation>스텝별</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="112" />
        <source>by timestep {share}</source>
        <translation>스텝별 {share}</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="115" />
        <source>channels {ratio}</source>
        <translation>채널 {ratio}</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="116" />
        <source>heads {ratio}</source>
        <translation>헤드 {ratio}</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="117" />
        <source>units {ratio}</source>
        <translation>유닛 {ratio}</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="122" />
        <source>depth {depth}</source>
        <translation>깊이 {depth}</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="125" />
        <source>without {n} blocks</source>
        <translation>블록 {n}개 제외</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="128" />
        <source>reuse {n}</source>
        <translation>재사용 {n}</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="130" />
        <source>reuse below {share}</source>
        <translation>{share} 미만 재사용</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="134" />
        <source>guided {start}–{stop}</source>
        <translation>가이드 {start}–{stop}</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="138" />
        <source>1 step</source>
        <translation>1스텝</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="138" />
        <source>{n} steps</source>
        <translation>{n}스텝</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="141" />
        <source>guidance {g}</source>
        <translation>가이던스 {g}</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="157" />
        <source>widths {width}</source>
        <translation>너비 {width}</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="164" />
        <source>full, {pixels} px</source>
        <translation>전체, {pixels} px</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="178" />
        <source>{name}, 1 step</source>
        <translation>{name}, 1스텝</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="179" />
        <source>{name}, {n} steps</source>
        <translation>{name}, {n}스텝</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="184" />
        <source>{name}, recipe applied</source>
        <translation>{name}, 레시피 적용됨</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="189" />
        <source>{name}, recipe not applied</source>
        <translation>{name}, 레시피 적용 안 됨</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="82" />
        <location filename="../../widgets/captions.py" line="163" />
        <location filename="../../widgets/captions.py" line="195" />
        <source>full</source>
        <translation>전체</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="197" />
        <source>current</source>
        <translation>현재</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="221" />
        <source>{parameters} parameters, {macs}</source>
        <translation>매개변수 {parameters}, {macs}</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="244" />
        <source>{median} ms, {made_by}</source>
        <translation>{median} ms, {made_by}</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="240" />
        <source>{median} ms at first, {made_by}</source>
        <translation>처음 {median} ms, {made_by}</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="229" />
        <source>{macs} as papers count, at {size} px</source>
        <translation>논문 방식으로 {macs}, {size} px</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="247" />
        <source>{median} ms ({low}–{high}), {made_by}</source>
        <translation>{median} ms ({low}–{high}), {made_by}</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="258" />
        <source>FLIP –, SSIM –, PSNR –</source>
        <translation>FLIP –, SSIM –, PSNR –</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="259" />
        <source>FLIP {flip}, SSIM {ssim}, PSNR {psnr}</source>
        <translation>FLIP {flip}, SSIM {ssim}, PSNR {psnr}</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="314" />
        <source>1 thread</source>
        <translation>스레드 1개</translation>
    </message>
    <message>
        <location filename="../../widgets/captions.py" line="315" />
        <source>{n} threads</source>
        <translation>스레드 {n}개</translation>
    </message>
</context>
<context>
    <name>Card</name>
    <message>
        <location filename="../../widgets/controls/card.py" line="78" />
        <source>{name} on</source>
        <translation>{name} 켜짐</translation>
    </message>
    <message>
        <location filename="../../widgets/controls/card.py" line="79" />
        <source>Switch on or off</source>
        <translation>켜고 끄기</translation>
    </message>
    <message>
        <location filename="../../widgets/controls/card.py" line="80" />
        <source>Menu of {name}</source>
        <translation>{name} 메뉴</translation>
    </message>
</context>
<context>
    <name>Choosers</name>
    <message>
        <location filename="../../widgets/choosers.py" line="67" />
        <source>Models, sessions, saved pictures, measurements (*.safetensors *.pt *.pth *.pkl *.maquette *.png *.json)</source>
        <translation>모델, 세션, 저장한 그림, 측정 (*.safetensors *.pt *.pth *.pkl *.maquette *.png *.json)</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="194" />
        <source>All files (*)</source>
        <translation>모든 파일 (*)</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="72" />
        <source>Open</source>
        <translation>열기</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="130" />
        <source>Save picture</source>
        <translation>그림 저장</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="129" />
        <source>PNG picture (*.png)</source>
        <translation>PNG 그림 (*.png)</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="102" />
        <source>Pictures ({kinds})</source>
        <translation>그림 ({kinds})</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="136" />
        <source>Save pictures in</source>
        <translation>그림을 저장할 폴더</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="147" />
        <source>Save session</source>
        <translation>세션 저장</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="146" />
        <source>Maquette session (*.maquette)</source>
        <translation>Maquette 세션 (*.maquette)</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="153" />
        <source>Save the table</source>
        <translation>표 저장</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="152" />
        <source>Table of comma-separated values (*.csv)</source>
        <translation>쉼표로 나눈 값의 표 (*.csv)</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="77" />
        <source>Open the folder of a pipeline</source>
        <translation>파이프라인 폴더 열기</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="90" />
        <source>Take the denoiser from a GGUF file</source>
        <translation>GGUF 파일에서 디노이저 가져오기</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="91" />
        <source>GGUF files (*.gguf)</source>
        <translation>GGUF 파일 (*.gguf)</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="100" />
        <source>Open a picture</source>
        <translation>그림 열기</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="113" />
        <source>Draw the pictures of this folder</source>
        <translation>이 폴더의 그림으로 그리기</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="119" />
        <source>Save what is drawn in</source>
        <translation>그린 것을 저장할 폴더</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="159" />
        <source>Moving GIF (*.gif)</source>
        <translation>움직이는 GIF (*.gif)</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="160" />
        <source>Moving WebP (*.webp)</source>
        <translation>움직이는 WebP (*.webp)</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="161" />
        <source>Folder of numbered PNG pictures (*)</source>
        <translation>번호를 매긴 PNG 그림 폴더 (*)</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="164" />
        <source>Save the walk</source>
        <translation>걷기 저장</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="84" />
        <source>Recipes (*.yaml *.yml)</source>
        <translation>레시피 (*.yaml *.yml)</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="85" />
        <source>Open a recipe</source>
        <translation>레시피 열기</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="173" />
        <source>Save the recipe</source>
        <translation>레시피 저장</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="172" />
        <source>Recipe (*.yaml)</source>
        <translation>레시피 (*.yaml)</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="179" />
        <source>Save the report</source>
        <translation>보고서 저장</translation>
    </message>
    <message>
        <location filename="../../widgets/choosers.py" line="178" />
        <source>HTML page (*.html)</source>
        <translation>HTML 문서 (*.html)</translation>
    </message>
</context>
<context>
    <name>ClassRow</name>
    <message>
        <location filename="../../widgets/seed_row.py" line="85" />
        <source>class</source>
        <translation>클래스</translation>
    </message>
    <message>
        <location filename="../../widgets/seed_row.py" line="85" />
        <source>Which class of the training set to draw</source>
        <translation>학습 데이터의 어느 클래스를 그릴지</translation>
    </message>
    <message>
        <location filename="../../widgets/seed_row.py" line="90" />
        <source>Change the class</source>
        <translation>클래스 바꾸기</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <location filename="../../widgets/commands.py" line="233" />
        <source>Apply the recipe first: the folder is drawn with it.</source>
        <translation>먼저 레시피를 적용하세요. 폴더는 그것으로 그립니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/commands.py" line="241" />
        <source>Draw {folder} with {name}</source>
        <translation>{name}(으)로 {folder} 그리기</translation>
    </message>
    <message>
        <location filename="../../widgets/commands.py" line="248" />
        <source>Some pictures were left out: {n}. {first}</source>
        <translation>빠진 그림: {n}장. {first}</translation>
    </message>
    <message>
        <location filename="../../widgets/commands.py" line="277" />
        <source>Load {name}</source>
        <translation>{name} 읽기</translation>
    </message>
    <message>
        <location filename="../../widgets/commands.py" line="333" />
        <location filename="../../widgets/commands.py" line="346" />
        <source>Pin two pictures (P) to walk from one to the other.</source>
        <translation>두 그림을 고정하면(P) 하나에서 다른 하나로 걸어갑니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/commands.py" line="350" />
        <source>Apply the recipe first: the walk is drawn with it.</source>
        <translation>먼저 레시피를 적용하세요. 걷기는 레시피를 적용해 그립니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/commands.py" line="361" />
        <source>Stop the &amp;walk</source>
        <translation>걷기 멈춤(&amp;W)</translation>
    </message>
    <message>
        <location filename="../../widgets/commands.py" line="361" />
        <source>Play the &amp;walk</source>
        <translation>걷기 재생(&amp;W)</translation>
    </message>
    <message>
        <location filename="../../widgets/commands.py" line="362" />
        <source>Stop</source>
        <translation>멈춤</translation>
    </message>
    <message>
        <location filename="../../widgets/commands.py" line="362" />
        <source>Play</source>
        <translation>재생</translation>
    </message>
    <message>
        <location filename="../../widgets/commands.py" line="378" />
        <source>Pin pictures (P) to finish them together.</source>
        <translation>그림을 고정(P)하면 한꺼번에 완성할 수 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/commands.py" line="388" />
        <source>Finish</source>
        <translation>완성</translation>
    </message>
    <message>
        <location filename="../../widgets/commands.py" line="388" />
        <source>Finish, {n} more to come</source>
        <translation>완성, {n}장 남음</translation>
    </message>
    <message>
        <location filename="../../widgets/commands.py" line="408" />
        <source>What is not applied yet cannot be measured.</source>
        <translation>아직 적용하지 않은 것은 측정할 수 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/commands.py" line="464" />
        <source>Everything here is measured already.</source>
        <translation>여기 있는 것은 모두 측정했습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/commands.py" line="529" />
        <source>Copied as CSV, rows: {n}</source>
        <translation>CSV로 복사했습니다. 줄 수: {n}</translation>
    </message>
    <message>
        <location filename="../../widgets/commands.py" line="544" />
        <source>Change the view</source>
        <translation>보기 바꾸기</translation>
    </message>
</context>
<context>
    <name>CompareView</name>
    <message>
        <location filename="../../widgets/compare/view.py" line="44" />
        <source>Comparison</source>
        <translation>비교</translation>
    </message>
    <message>
        <location filename="../../widgets/compare/view.py" line="47" />
        <source>Pictures</source>
        <translation>그림</translation>
    </message>
    <message>
        <location filename="../../widgets/compare/view.py" line="186" />
        <source>difference appears on release</source>
        <translation>손을 떼면 차이가 나타납니다</translation>
    </message>
    <message>
        <location filename="../../widgets/compare/view.py" line="206" />
        <source>{a} and {b} side by side</source>
        <translation>{a}, {b} 나란히</translation>
    </message>
    <message>
        <location filename="../../widgets/compare/view.py" line="207" />
        <source>{a} left and {b} right of a divider</source>
        <translation>가름선 왼쪽 {a}, 오른쪽 {b}</translation>
    </message>
    <message>
        <location filename="../../widgets/compare/view.py" line="208" />
        <source>{a} and {b} in turn</source>
        <translation>{a}, {b} 번갈아</translation>
    </message>
    <message>
        <location filename="../../widgets/compare/view.py" line="209" />
        <source>difference of {a} and {b}</source>
        <translation>{a}, {b}의 차이</translation>
    </message>
</context>
<context>
    <name>Compiling</name>
    <message>
        <location filename="../../widgets/compiling.py" line="239" />
        <source>Compile</source>
        <translation>컴파일</translation>
    </message>
</context>
<context>
    <name>ConfigRow</name>
    <message>
        <location filename="../../widgets/config_row.py" line="27" />
        <source>Configuration string</source>
        <translation>구성 문자열</translation>
    </message>
    <message>
        <location filename="../../widgets/config_row.py" line="30" />
        <source>Channels of every stage in units of the stage, such as 16_16_32_16_32_32_16_16 (GAN Compression, Li et al. 2020). Six numbers give all blocks the same.</source>
        <translation>각 단계의 채널 수를 그 단계의 단위로 적은 것입니다. 예: 16_16_32_16_32_32_16_16 (GAN Compression, Li et al. 2020). 숫자가 여섯 개면 모든 블록이 같습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/config_row.py" line="38" />
        <location filename="../../widgets/config_row.py" line="39" />
        <source>Copy the configuration string</source>
        <translation>구성 문자열 복사</translation>
    </message>
    <message>
        <location filename="../../widgets/config_row.py" line="43" />
        <source>config</source>
        <translation>구성</translation>
    </message>
    <message>
        <location filename="../../widgets/config_row.py" line="65" />
        <source>between two strings</source>
        <translation>두 문자열 사이</translation>
    </message>
</context>
<context>
    <name>ConsentPage</name>
    <message>
        <location filename="../../widgets/export/pages.py" line="84" />
        <source>Packages</source>
        <translation>패키지</translation>
    </message>
    <message>
        <location filename="../../widgets/export/pages.py" line="85" />
        <source>Not now</source>
        <translation>나중에</translation>
    </message>
    <message>
        <location filename="../../widgets/export/pages.py" line="87" />
        <source>Install these packages</source>
        <translation>이 패키지들 설치</translation>
    </message>
    <message>
        <location filename="../../widgets/export/pages.py" line="109" />
        <source>What {format} needs</source>
        <translation>{format}에 필요한 것</translation>
    </message>
    <message>
        <location filename="../../widgets/export/pages.py" line="111" />
        <source>Its converter is made of these packages and no others. They are fetched from the package index (about {download}) and installed in an environment of their own ({disk} on disk); Maquette itself is not touched.</source>
        <translation>변환기는 이 패키지들로만 이루어집니다. 패키지 색인에서 약 {download}을(를) 받아 별도의 환경에 설치하며(디스크 {disk}), Maquette 자체는 건드리지 않습니다.</translation>
    </message>
</context>
<context>
    <name>Controller</name>
    <message>
        <location filename="../../widgets/controller.py" line="392" />
        <source>Change where {side} runs</source>
        <translation>{side}의 실행 위치 바꾸기</translation>
    </message>
    <message>
        <location filename="../../widgets/controller.py" line="168" />
        <source>Change {name}</source>
        <translation>{name} 바꾸기</translation>
    </message>
    <message>
        <location filename="../../widgets/controller.py" line="174" />
        <source>New seed</source>
        <translation>새 시드</translation>
    </message>
    <message>
        <location filename="../../widgets/controller.py" line="184" />
        <source>Change the subnet</source>
        <translation>서브넷 바꾸기</translation>
    </message>
    <message>
        <location filename="../../widgets/controller.py" line="195" />
        <source>Change the view</source>
        <translation>보기 바꾸기</translation>
    </message>
    <message>
        <location filename="../../widgets/controller.py" line="200" />
        <source>Swap A and B</source>
        <translation>A와 B 바꾸기</translation>
    </message>
    <message>
        <location filename="../../widgets/controller.py" line="209" />
        <source>This subnet is kept already.</source>
        <translation>이 서브넷은 이미 간직했습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/controller.py" line="214" />
        <source>Keep {name}</source>
        <translation>{name} 간직</translation>
    </message>
    <message>
        <location filename="../../widgets/controller.py" line="218" />
        <source>Remove a kept subnet</source>
        <translation>간직한 서브넷 제거</translation>
    </message>
    <message>
        <location filename="../../widgets/controller.py" line="226" />
        <source>Make {name} current</source>
        <translation>{name} 현재로 삼기</translation>
    </message>
    <message>
        <location filename="../../widgets/controller.py" line="235" />
        <source>Show on side {side}</source>
        <translation>{side}쪽에 보이기</translation>
    </message>
    <message>
        <location filename="../../widgets/controller.py" line="246" />
        <source>Pins hold pictures of {n} MB at most; remove one first.</source>
        <translation>핀에 담긴 그림은 모두 합쳐 {n} MB까지입니다. 먼저 핀을 하나 빼세요.</translation>
    </message>
    <message>
        <location filename="../../widgets/controller.py" line="251" />
        <source>Pin</source>
        <translation>고정</translation>
    </message>
    <message>
        <location filename="../../widgets/controller.py" line="255" />
        <source>Remove a pin</source>
        <translation>고정 제거</translation>
    </message>
    <message>
        <location filename="../../widgets/controller.py" line="261" />
        <source>Draw a pin</source>
        <translation>고정한 것 그리기</translation>
    </message>
    <message>
        <location filename="../../widgets/controller.py" line="311" />
        <source>Open {name}</source>
        <translation>{name} 열기</translation>
    </message>
    <message>
        <location filename="../../widgets/controller.py" line="319" />
        <source>Sort channels</source>
        <translation>채널 정렬</translation>
    </message>
    <message>
        <location filename="../../widgets/controller.py" line="325" />
        <source>Change what is known about {name}</source>
        <translation>{name}에 대해 아는 것 바꾸기</translation>
    </message>
</context>
<context>
    <name>Copying</name>
    <message>
        <location filename="../../widgets/copying.py" line="90" />
        <source>&amp;Picture</source>
        <translation>그림(&amp;P)</translation>
    </message>
    <message>
        <location filename="../../widgets/copying.py" line="91" />
        <source>&amp;Comparison</source>
        <translation>비교(&amp;C)</translation>
    </message>
    <message>
        <location filename="../../widgets/copying.py" line="92" />
        <source>&amp;Measure</source>
        <translation>측정(&amp;M)</translation>
    </message>
    <message>
        <location filename="../../widgets/copying.py" line="93" />
        <source>&amp;Report</source>
        <translation>보고서(&amp;R)</translation>
    </message>
    <message>
        <location filename="../../widgets/copying.py" line="96" />
        <source>&amp;Finish</source>
        <translation>완성(&amp;F)</translation>
    </message>
    <message>
        <location filename="../../widgets/copying.py" line="97" />
        <source>Finish all pi&amp;ns</source>
        <translation>고정한 그림 모두 완성(&amp;N)</translation>
    </message>
    <message>
        <location filename="../../widgets/copying.py" line="98" />
        <source>&amp;Walk</source>
        <translation>걷기(&amp;W)</translation>
    </message>
    <message>
        <location filename="../../widgets/copying.py" line="101" />
        <source>&amp;Apply the recipe</source>
        <translation>레시피 적용(&amp;A)</translation>
    </message>
    <message>
        <location filename="../../widgets/copying.py" line="102" />
        <source>&amp;Sensitivity of layers</source>
        <translation>층별 민감도(&amp;S)</translation>
    </message>
    <message>
        <location filename="../../widgets/copying.py" line="103" />
        <source>Make &amp;elastic</source>
        <translation>탄력적으로 만들기(&amp;E)</translation>
    </message>
    <message>
        <location filename="../../widgets/copying.py" line="106" />
        <source>What the model file &amp;holds</source>
        <translation>모델 파일에 든 것(&amp;H)</translation>
    </message>
    <message>
        <location filename="../../widgets/copying.py" line="107" />
        <source>Save the m&amp;odel</source>
        <translation>모델 저장(&amp;O)</translation>
    </message>
    <message>
        <location filename="../../widgets/copying.py" line="108" />
        <source>Sor&amp;t channels</source>
        <translation>채널 정렬(&amp;T)</translation>
    </message>
    <message>
        <location filename="../../widgets/copying.py" line="109" />
        <source>&amp;Directions</source>
        <translation>방향(&amp;D)</translation>
    </message>
    <message>
        <location filename="../../widgets/copying.py" line="112" />
        <source>De&amp;vices</source>
        <translation>장치(&amp;V)</translation>
    </message>
    <message>
        <location filename="../../widgets/copying.py" line="113" />
        <source>Dia&amp;gnostics</source>
        <translation>진단(&amp;G)</translation>
    </message>
    <message>
        <location filename="../../widgets/copying.py" line="203" />
        <source>Copied: {command}</source>
        <translation>복사함: {command}</translation>
    </message>
    <message>
        <location filename="../../widgets/copying.py" line="325" />
        <source>Pin pictures (P) to finish them together.</source>
        <translation>그림을 고정(P)하면 한꺼번에 완성할 수 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/copying.py" line="341" />
        <source>Pin two pictures (P) to walk from one to the other.</source>
        <translation>두 그림을 고정하면(P) 하나에서 다른 하나로 걸어갑니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/copying.py" line="422" />
        <source>Copy as command</source>
        <translation>명령으로 복사</translation>
    </message>
</context>
<context>
    <name>CurvePanel</name>
    <message>
        <location filename="../../widgets/recipes/curve_panel.py" line="31" />
        <location filename="../../widgets/recipes/curve_panel.py" line="80" />
        <source>Measure the curve</source>
        <translation>곡선 측정</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/curve_panel.py" line="33" />
        <source>Time int8, bf16 and f32 at several widths, in a process of its own</source>
        <translation>여러 너비에서 int8, bf16, f32의 시간을 별도 프로세스에서 잽니다</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/curve_panel.py" line="35" />
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/curve_panel.py" line="36" />
        <source>Cancel measuring the curve</source>
        <translation>곡선 측정 취소</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/curve_panel.py" line="80" />
        <source>Measure it again</source>
        <translation>다시 측정</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/curve_panel.py" line="102" />
        <source>Measuring</source>
        <translation>측정 중</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/curve_panel.py" line="105" />
        <source>PyTorch runs no int8. Choose OpenVINO or ONNX Runtime in the preferences to see where int8 pays.</source>
        <translation>PyTorch는 int8을 실행하지 않습니다. int8이 언제 이로운지 보려면 환경 설정에서 OpenVINO나 ONNX Runtime을 고르세요.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/curve_panel.py" line="110" />
        <source>Where is int8 faster than bf16 on this computer?</source>
        <translation>이 컴퓨터에서 int8은 어디서 bf16보다 빠를까요?</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/curve_panel.py" line="114" />
        <source>About {n} s; it can be cancelled.</source>
        <translation>약 {n}초 걸립니다. 취소할 수 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/curve_panel.py" line="116" />
        <source>About {n} min; it can be cancelled.</source>
        <translation>약 {n}분 걸립니다. 취소할 수 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/curve_panel.py" line="131" />
        <source>Latency by width on {target}</source>
        <translation>{target}의 너비별 지연</translation>
    </message>
</context>
<context>
    <name>CurvePlot</name>
    <message>
        <location filename="../../widgets/recipes/curve_plot.py" line="70" />
        <source>width</source>
        <translation>너비</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/curve_plot.py" line="71" />
        <source>latency (ms)</source>
        <translation>지연 (ms)</translation>
    </message>
</context>
<context>
    <name>CurveWords</name>
    <message>
        <location filename="../../widgets/recipes/curve_words.py" line="20" />
        <source>There is no bf16 here to compare with.</source>
        <translation>여기에는 비교할 bf16이 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/curve_words.py" line="23" />
        <source>This processor has no instructions for int8, such as VNNI.</source>
        <translation>이 프로세서에는 VNNI 같은 int8 명령이 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/curve_words.py" line="27" />
        <source>At width {width} and below, most multiplies run in float all the same.</source>
        <translation>너비 {width} 이하에서는 그래도 곱셈 대부분이 실수로 실행됩니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/curve_words.py" line="37" />
        <source>On this computer {rival} is faster below width {width}; at width {full} int8 is {gain} times as fast.</source>
        <translation>이 컴퓨터에서는 너비 {width} 아래에서 {rival}이 더 빠르고, 너비 {full}에서는 int8이 {gain}배 빠릅니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/curve_words.py" line="47" />
        <source>On this computer {rival} is faster at width {widths}.</source>
        <translation>이 컴퓨터에서는 너비 {widths}에서 {rival}이 더 빠릅니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/curve_words.py" line="50" />
        <source>On this computer {rival} is faster at widths {widths}.</source>
        <translation>이 컴퓨터에서는 너비 {widths}에서 {rival}이 더 빠릅니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/curve_words.py" line="53" />
        <source>On this computer int8 is faster than {rival} at no width measured.</source>
        <translation>이 컴퓨터에서 잰 너비 가운데 int8이 {rival}보다 빠른 곳은 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/curve_words.py" line="59" />
        <source>On this computer int8 is {low} to {high} times as fast as {rival} at the widths measured.</source>
        <translation>이 컴퓨터에서 잰 너비에서는 int8이 {rival}보다 {low}~{high}배 빠릅니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/curve_words.py" line="65" />
        <source>On this computer int8 and {rival} cannot be told apart by their times.</source>
        <translation>이 컴퓨터에서는 int8과 {rival}의 시간을 구별할 수 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/curve_words.py" line="77" />
        <source>width {width}: {times}</source>
        <translation>너비 {width}: {times}</translation>
    </message>
</context>
<context>
    <name>Curves</name>
    <message>
        <location filename="../../widgets/recipes/curves.py" line="82" />
        <source>Measure the curve</source>
        <translation>곡선 측정</translation>
    </message>
</context>
<context>
    <name>DenoiserRow</name>
    <message>
        <location filename="../../widgets/diffusion/denoiser.py" line="38" />
        <source>Denoiser</source>
        <translation>디노이저</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/denoiser.py" line="45" />
        <source>Where the weights of the denoiser come from. A GGUF file has them in a few bits each: less memory, not more speed</source>
        <translation>디노이저 가중치를 어디에서 가져올지 정합니다. GGUF 파일은 가중치를 몇 비트로 담고 있어 메모리가 줄지만 더 빨라지지는 않습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/denoiser.py" line="50" />
        <source>denoiser</source>
        <translation>디노이저</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/denoiser.py" line="71" />
        <source>that of the pipeline</source>
        <translation>파이프라인의 것</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/denoiser.py" line="74" />
        <source>a GGUF file...</source>
        <translation>GGUF 파일...</translation>
    </message>
</context>
<context>
    <name>Devices</name>
    <message>
        <location filename="../../widgets/devices/words.py" line="18" />
        <source>The system</source>
        <translation>시스템</translation>
    </message>
    <message>
        <location filename="../../widgets/devices/words.py" line="25" />
        <source>{name}, driver {driver}</source>
        <translation>{name}, 드라이버 {driver}</translation>
    </message>
    <message>
        <location filename="../../widgets/devices/words.py" line="34" />
        <source>Not present</source>
        <translation>없음</translation>
    </message>
    <message>
        <location filename="../../widgets/devices/words.py" line="36" />
        <source>Not usable</source>
        <translation>쓸 수 없음</translation>
    </message>
    <message>
        <location filename="../../widgets/devices/words.py" line="38" />
        <source>Ready, for fixed sizes only</source>
        <translation>준비됨(고정 크기만)</translation>
    </message>
    <message>
        <location filename="../../widgets/devices/words.py" line="39" />
        <source>Ready</source>
        <translation>준비됨</translation>
    </message>
    <message>
        <location filename="../../widgets/devices/words.py" line="45" />
        <source>This computer has no {kind}.</source>
        <translation>이 컴퓨터에는 {kind}가 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/devices/words.py" line="54" />
        <source>Ready: {count}</source>
        <translation>준비됨: {count}</translation>
    </message>
</context>
<context>
    <name>DevicesDialog</name>
    <message>
        <location filename="../../widgets/devices/dialog.py" line="34" />
        <location filename="../../widgets/devices/dialog.py" line="52" />
        <source>Devices</source>
        <translation>장치</translation>
    </message>
    <message>
        <location filename="../../widgets/devices/dialog.py" line="39" />
        <source>Runtime</source>
        <translation>런타임</translation>
    </message>
    <message>
        <location filename="../../widgets/devices/dialog.py" line="40" />
        <source>Kind</source>
        <translation>종류</translation>
    </message>
    <message>
        <location filename="../../widgets/devices/dialog.py" line="41" />
        <source>Device</source>
        <translation>장치</translation>
    </message>
    <message>
        <location filename="../../widgets/devices/dialog.py" line="43" />
        <source>Precisions</source>
        <translation>정밀도</translation>
    </message>
    <message>
        <location filename="../../widgets/devices/dialog.py" line="45" />
        <source>What it computes natively, or at a gain</source>
        <translation>기본으로 계산하거나 더 빠르게 계산하는 정밀도</translation>
    </message>
    <message>
        <location filename="../../widgets/devices/dialog.py" line="47" />
        <source>Status</source>
        <translation>상태</translation>
    </message>
    <message>
        <location filename="../../widgets/devices/dialog.py" line="48" />
        <source>Reason</source>
        <translation>이유</translation>
    </message>
    <message>
        <location filename="../../widgets/devices/dialog.py" line="70" />
        <source>&amp;Detect again</source>
        <translation>다시 찾기(&amp;D)</translation>
    </message>
    <message>
        <location filename="../../widgets/devices/dialog.py" line="73" />
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <location filename="../../widgets/devices/dialog.py" line="131" />
        <source>Looking for devices…</source>
        <translation>장치를 찾는 중…</translation>
    </message>
</context>
<context>
    <name>DiagnosticsDialog</name>
    <message>
        <location filename="../../widgets/diagnostics/dialog.py" line="77" />
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/dialog.py" line="43" />
        <source>Diagnostics</source>
        <translation>진단</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/dialog.py" line="95" />
        <source>Looking around; finding the devices takes some seconds.</source>
        <translation>살펴보는 중입니다. 장치를 찾는 데 몇 초 걸립니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/dialog.py" line="179" />
        <source>Save diagnostics</source>
        <translation>진단 저장</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/dialog.py" line="73" />
        <source>Save…</source>
        <translation>저장…</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/dialog.py" line="76" />
        <source>Show in folder</source>
        <translation>폴더에서 보기</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/dialog.py" line="50" />
        <source>These files help to find a mistake. Nothing is sent: they are written to one zip, which you may attach to your report. Your home folder is shown as ~. Untick what you would rather keep to yourself.</source>
        <translation>잘못을 찾는 데 도움이 되는 파일들입니다. 아무것도 전송하지 않으며, zip 파일 하나로 저장하니 신고할 때 첨부하면 됩니다. 홈 폴더는 ~로 표시됩니다. 넣고 싶지 않은 것은 선택을 해제하세요.</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/dialog.py" line="58" />
        <source>What is written</source>
        <translation>저장할 내용</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/dialog.py" line="63" />
        <source>What this file says</source>
        <translation>이 파일의 내용</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/dialog.py" line="140" />
        <source>Written to {path}</source>
        <translation>{path}에 저장했습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/dialog.py" line="179" />
        <source>Zip file (*.zip)</source>
        <translation>Zip 파일 (*.zip)</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/dialog.py" line="113" />
        <source>{size} kB</source>
        <translation>{size} kB</translation>
    </message>
</context>
<context>
    <name>DiffusionCaption</name>
    <message>
        <location filename="../../widgets/diffusion/caption.py" line="24" />
        <source>full, {steps}</source>
        <translation>전체, {steps}</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/caption.py" line="26" />
        <source>draft, {steps}</source>
        <translation>초안, {steps}</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/caption.py" line="35" />
        <source>1 step</source>
        <translation>1스텝</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/caption.py" line="36" />
        <source>{n} steps</source>
        <translation>{n}스텝</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/caption.py" line="46" />
        <source>guidance {value}</source>
        <translation>가이던스 {value}</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/caption.py" line="48" />
        <source>{size} px</source>
        <translation>{size} px</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/caption.py" line="55" />
        <source>denoiser {parameters} parameters, {macs} a call</source>
        <translation>디노이저 매개변수 {parameters}, 호출당 {macs}</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/caption.py" line="63" />
        <source>step {n} of {count}</source>
        <translation>{count}스텝 중 {n}번째</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/caption.py" line="67" />
        <source>{step}, {rate} it/s, {left} left</source>
        <translation>{step}, {rate} it/s, {left} 남음</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/caption.py" line="75" />
        <source>stopped before the first step</source>
        <translation>첫 스텝 전에 멈춤</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/caption.py" line="76" />
        <source>stopped at step {n} of {count}</source>
        <translation>{count}스텝 중 {n}번째에서 멈춤</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/caption.py" line="83" />
        <source>waiting for the first step</source>
        <translation>첫 스텝을 기다리는 중</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/caption.py" line="95" />
        <source>{seconds} at first, {rate} it/s, {made_by}</source>
        <translation>처음 {seconds}, {rate} it/s, {made_by}</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/caption.py" line="97" />
        <source>{seconds}, {rate} it/s, {made_by}</source>
        <translation>{seconds}, {rate} it/s, {made_by}</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/caption.py" line="109" />
        <location filename="../../widgets/diffusion/caption.py" line="111" />
        <source>{s} s</source>
        <translation>{s}초</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/caption.py" line="113" />
        <source>{m} min {s} s</source>
        <translation>{m}분 {s}초</translation>
    </message>
</context>
<context>
    <name>DiffusionPanel</name>
    <message>
        <location filename="../../widgets/diffusion/panel.py" line="57" />
        <location filename="../../widgets/diffusion/panel.py" line="58" />
        <source>Prompt</source>
        <translation>프롬프트</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/panel.py" line="58" />
        <source>What to draw, in words</source>
        <translation>무엇을 그릴지 글로 적으세요</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/panel.py" line="60" />
        <source>Negative prompt</source>
        <translation>네거티브 프롬프트</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/panel.py" line="60" />
        <source>What to keep away from, in words</source>
        <translation>무엇을 피할지 글로 적으세요</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/panel.py" line="62" />
        <source>Keep away from</source>
        <translation>피할 것</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/panel.py" line="74" />
        <location filename="../../widgets/diffusion/panel.py" line="101" />
        <source>Pins</source>
        <translation>핀</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/panel.py" line="75" />
        <source>Press P to pin prompt, seed and settings.</source>
        <translation>P를 누르면 프롬프트와 시드, 설정을 고정합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/panel.py" line="86" />
        <source>Examples</source>
        <translation>예시</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/panel.py" line="87" />
        <source>Prompts in words that this model knows</source>
        <translation>이 모델이 아는 말로 쓴 프롬프트</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/panel.py" line="124" />
        <source>This model takes no negative prompt.</source>
        <translation>이 모델은 네거티브 프롬프트를 받지 않습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/panel.py" line="169" />
        <source>Draw again</source>
        <translation>다시 그리기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/panel.py" line="169" />
        <source>Stop drawing</source>
        <translation>그리기 멈추기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/panel.py" line="197" />
        <source>Change the prompt</source>
        <translation>프롬프트 바꾸기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/panel.py" line="201" />
        <source>Change the negative prompt</source>
        <translation>네거티브 프롬프트 바꾸기</translation>
    </message>
</context>
<context>
    <name>Docks</name>
    <message>
        <location filename="../../widgets/docks.py" line="21" />
        <source>What to draw</source>
        <translation>무엇을 그릴까</translation>
    </message>
    <message>
        <location filename="../../widgets/docks.py" line="22" />
        <source>How small</source>
        <translation>얼마나 작게</translation>
    </message>
    <message>
        <location filename="../../widgets/docks.py" line="23" />
        <source>What it costs</source>
        <translation>드는 비용</translation>
    </message>
</context>
<context>
    <name>DrawingPanel</name>
    <message>
        <location filename="../../widgets/drawing/panel.py" line="44" />
        <source>Pen</source>
        <translation>펜</translation>
    </message>
    <message>
        <location filename="../../widgets/drawing/panel.py" line="44" />
        <location filename="../../widgets/drawing/panel.py" line="175" />
        <source>Draw</source>
        <translation>그리기</translation>
    </message>
    <message>
        <location filename="../../widgets/drawing/panel.py" line="45" />
        <source>Eraser</source>
        <translation>지우개</translation>
    </message>
    <message>
        <location filename="../../widgets/drawing/panel.py" line="45" />
        <source>Back to the empty sheet</source>
        <translation>빈 종이로 되돌립니다</translation>
    </message>
    <message>
        <location filename="../../widgets/drawing/panel.py" line="46" />
        <location filename="../../widgets/drawing/panel.py" line="175" />
        <source>Fill</source>
        <translation>채우기</translation>
    </message>
    <message>
        <location filename="../../widgets/drawing/panel.py" line="46" />
        <source>Fill the area that is clicked</source>
        <translation>누른 영역을 채웁니다</translation>
    </message>
    <message>
        <location filename="../../widgets/drawing/panel.py" line="54" />
        <source>Clear</source>
        <translation>모두 지우기</translation>
    </message>
    <message>
        <location filename="../../widgets/drawing/panel.py" line="54" />
        <source>Empty the sheet</source>
        <translation>종이를 비웁니다</translation>
    </message>
    <message>
        <location filename="../../widgets/drawing/panel.py" line="56" />
        <source>Paint over the opened map</source>
        <translation>연 레이블 맵 위에 칠하기</translation>
    </message>
    <message>
        <location filename="../../widgets/drawing/panel.py" line="58" />
        <source>Begin with the label map that was opened; the eraser brings it back</source>
        <translation>연 레이블 맵에서 시작합니다. 지우개로 되돌릴 수 있습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/drawing/panel.py" line="63" />
        <source>line</source>
        <translation>선</translation>
    </message>
    <message>
        <location filename="../../widgets/drawing/panel.py" line="63" />
        <source>px</source>
        <translation>px</translation>
    </message>
    <message>
        <location filename="../../widgets/drawing/panel.py" line="64" />
        <source>Width of the line in pixels of the drawing</source>
        <translation>그림의 픽셀로 잰 선의 굵기</translation>
    </message>
    <message>
        <location filename="../../widgets/drawing/panel.py" line="68" />
        <source>Pressure of a pen</source>
        <translation>펜의 필압</translation>
    </message>
    <message>
        <location filename="../../widgets/drawing/panel.py" line="70" />
        <source>On a tablet, pressing harder draws wider lines</source>
        <translation>태블릿에서 세게 누를수록 선이 굵어집니다</translation>
    </message>
    <message>
        <location filename="../../widgets/drawing/panel.py" line="105" />
        <source>Choose a label above and paint an area here. The pictures follow.</source>
        <translation>위에서 레이블을 고르고 여기에 칠하세요. 그림이 따라옵니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/drawing/panel.py" line="107" />
        <source>Draw here. The pictures follow the pen.</source>
        <translation>여기에 그리세요. 그림이 펜을 따라옵니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/drawing/panel.py" line="130" />
        <source>Clear the drawing</source>
        <translation>그린 것 모두 지우기</translation>
    </message>
    <message>
        <location filename="../../widgets/drawing/panel.py" line="145" />
        <source>{name} has the label {label}, and the model has 0 to {last}.</source>
        <translation>{name}에 레이블 {label}이(가) 있습니다. 이 모델에는 0에서 {last}까지 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/drawing/panel.py" line="154" />
        <source>Paint over {name}</source>
        <translation>{name} 위에 칠하기</translation>
    </message>
    <message>
        <location filename="../../widgets/drawing/panel.py" line="175" />
        <source>Erase</source>
        <translation>지우기</translation>
    </message>
</context>
<context>
    <name>ElasticForm</name>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="44" />
        <location filename="../../widgets/training/elastic_form.py" line="58" />
        <source>Choose…</source>
        <translation>고르기…</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="48" />
        <source> min</source>
        <translation>분</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="55" />
        <source>all but one</source>
        <translation>하나만 빼고 전부</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="56" />
        <source>Keep full as it is</source>
        <translation>전체를 그대로 지키기</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="59" />
        <source>Go on from the last checkpoint</source>
        <translation>마지막 체크포인트부터 이어서 하기</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="64" />
        <source>Begin</source>
        <translation>시작</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="66" />
        <source>Copy as command</source>
        <translation>명령으로 복사</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="106" />
        <source>“{text}” is not a list of numbers such as 0.25 0.5 0.75 1</source>
        <translation>“{text}”은(는) 0.25 0.5 0.75 1과 같은 숫자 목록이 아닙니다</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="136" />
        <source>Length of the training. It can be stopped earlier.</source>
        <translation>학습할 시간. 더 일찍 멈출 수 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="138" />
        <source>Widths that are taught to draw what full draws (sandwich rule, Yu &amp; Huang 2019; Anycost GAN, Lin et al. 2021)</source>
        <translation>전체가 그리는 것을 그리도록 가르칠 너비(sandwich rule, Yu &amp; Huang 2019; Anycost GAN, Lin 외 2021)</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="141" />
        <source>Seed of every random choice</source>
        <translation>모든 무작위 선택의 시드</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="142" />
        <source>Pictures in one step (batch size)</source>
        <translation>한 단계에 쓰는 그림 수(batch size)</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="143" />
        <source>Threads that compute; one core is left to the window</source>
        <translation>계산하는 스레드. 코어 하나는 창에 남깁니다</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="144" />
        <source>Hold the full network to the original, and repair it last</source>
        <translation>전체 네트워크를 원본에 맞춰 두고 마지막에 바로잡습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="146" />
        <source>Pictures like those the model was trained on; adds an adversarial part (Goodfellow et al. 2014). Without them the model's own pictures teach.</source>
        <translation>모델이 학습한 것과 비슷한 그림. 적대적 학습이 더해집니다(Goodfellow 외 2014). 없으면 모델 자신의 그림으로 가르칩니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="149" />
        <source>A training that wrote to this file was ended before its time.</source>
        <translation>이 파일에 쓰던 학습이 끝나기 전에 멈췄습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="158" />
        <location filename="../../widgets/training/elastic_form.py" line="175" />
        <source>Result</source>
        <translation>결과</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="159" />
        <source>Time</source>
        <translation>시간</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="160" />
        <source>Widths</source>
        <translation>너비</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="161" />
        <source>Batch</source>
        <translation>배치</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="162" />
        <source>Seed</source>
        <translation>시드</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="163" />
        <source>Threads</source>
        <translation>스레드</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="164" />
        <location filename="../../widgets/training/elastic_form.py" line="176" />
        <source>Pictures</source>
        <translation>그림</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="177" />
        <source>Choose where the result goes</source>
        <translation>결과를 둘 곳 고르기</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="178" />
        <source>Choose a folder of pictures</source>
        <translation>그림 폴더 고르기</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="181" />
        <source>the model's own</source>
        <translation>모델 자신의 그림</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_form.py" line="189" />
        <source>Takes about {minutes} min and up to {memory} GB of memory.</source>
        <translation>약 {minutes}분과 최대 {memory} GB의 메모리가 듭니다.</translation>
    </message>
</context>
<context>
    <name>ElasticProgress</name>
    <message>
        <location filename="../../widgets/training/elastic_progress.py" line="37" />
        <source>Loss</source>
        <translation>손실</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_progress.py" line="38" />
        <source>Loss: how far the widths are from the original, so far</source>
        <translation>손실: 지금까지 너비들이 원본에서 얼마나 떨어져 있는지</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_progress.py" line="60" />
        <source>starting</source>
        <translation>시작하는 중</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_progress.py" line="79" />
        <source>original</source>
        <translation>원본</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_progress.py" line="89" />
        <source>Stopped after {steps} steps in {minutes} min; the best is in {name}.</source>
        <translation>{minutes}분 동안 {steps}단계 뒤에 멈췄습니다. 가장 좋은 것이 {name}에 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_progress.py" line="91" />
        <source>Trained {steps} steps in {minutes} min; the result is {name}.</source>
        <translation>{minutes}분 동안 {steps}단계를 학습했습니다. 결과는 {name}입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_progress.py" line="95" />
        <source>Pictures that cannot be read: {count}, {name} for one.</source>
        <translation>읽을 수 없는 그림: {count}개, 그중 하나는 {name}.</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_progress.py" line="111" />
        <source>stopping after this step</source>
        <translation>이 단계를 마치고 멈춥니다</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_progress.py" line="115" />
        <source>full</source>
        <translation>전체</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_progress.py" line="121" />
        <source>FLIP at first</source>
        <translation>처음 FLIP</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_progress.py" line="121" />
        <source>FLIP now</source>
        <translation>지금 FLIP</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_progress.py" line="121" />
        <source>PSNR now</source>
        <translation>지금 PSNR</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_progress.py" line="124" />
        <source>equal</source>
        <translation>같음</translation>
    </message>
</context>
<context>
    <name>ElasticWindow</name>
    <message>
        <location filename="../../widgets/training/elastic_window.py" line="40" />
        <source>Make elastic</source>
        <translation>탄력적으로 만들기</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_window.py" line="99" />
        <source>Make {name} elastic</source>
        <translation>{name} 탄력적으로 만들기</translation>
    </message>
    <message>
        <location filename="../../widgets/training/elastic_window.py" line="147" />
        <source>Cancelled. The checkpoint is kept, to go on from later.</source>
        <translation>취소했습니다. 나중에 이어서 하도록 체크포인트는 남겼습니다.</translation>
    </message>
</context>
<context>
    <name>Elsewhere</name>
    <message>
        <location filename="../../widgets/elsewhere/importing.py" line="42" />
        <source>{name} is a measurement; open the model that it is of first.</source>
        <translation>{name}은(는) 측정 파일입니다. 먼저 그 모델을 여세요.</translation>
    </message>
    <message>
        <location filename="../../widgets/elsewhere/importing.py" line="110" />
        <source>Import {name}</source>
        <translation>{name} 가져오기</translation>
    </message>
    <message>
        <location filename="../../widgets/elsewhere/importing.py" line="113" />
        <source>{n} measurements of {host} are on the frontier and in the table.</source>
        <translation>{host}의 측정 {n}개를 프런티어와 표에 올렸습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/elsewhere/importing.py" line="117" />
        <source>1 measurement of {host} is on the frontier and in the table.</source>
        <translation>{host}의 측정 1개를 프런티어와 표에 올렸습니다.</translation>
    </message>
</context>
<context>
    <name>ErrorCurve</name>
    <message>
        <location filename="../../widgets/diffusion/error_curve.py" line="31" />
        <source>Runs drift apart, so that pictures alone mislead. Here both denoisers look at the same latents, those of the full one; norm of the difference over the norm</source>
        <translation>실행은 서로 멀어지므로 그림만 보면 오해하기 쉽습니다. 여기서는 두 디노이저가 전체의 같은 잠재값을 봅니다. 차이의 노름을 전체의 노름으로 나눈 값입니다</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/error_curve.py" line="48" />
        <source>Error of the denoiser by step: not known yet</source>
        <translation>스텝별 디노이저 오차: 아직 모름</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/error_curve.py" line="50" />
        <source>Error of the denoiser by step: {mean} in the mean, {most} at most</source>
        <translation>스텝별 디노이저 오차: 평균 {mean}, 최대 {most}</translation>
    </message>
</context>
<context>
    <name>Export</name>
    <message>
        <location filename="../../widgets/export/opening.py" line="31" />
        <source>Copied: {command}</source>
        <translation>복사함: {command}</translation>
    </message>
    <message>
        <location filename="../../widgets/export/opening.py" line="37" />
        <source>{name} is exported and verified.</source>
        <translation>{name}을(를) 내보내고 검증했습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/export/opening.py" line="40" />
        <location filename="../../widgets/export/opening.py" line="49" />
        <source>Show</source>
        <translation>보기</translation>
    </message>
    <message>
        <location filename="../../widgets/export/opening.py" line="47" />
        <source>The export asks before it ships what is far from full.</source>
        <translation>전체와 먼 파일이 있어 내보내기 전에 묻습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/export/opening.py" line="87" />
        <source>Folder of a bundle</source>
        <translation>번들 폴더</translation>
    </message>
    <message>
        <location filename="../../widgets/export/words.py" line="68" />
        <source>ONNX for NPUs</source>
        <translation>NPU용 ONNX</translation>
    </message>
    <message>
        <location filename="../../widgets/export/words.py" line="69" />
        <source>OpenVINO for NPUs</source>
        <translation>NPU용 OpenVINO</translation>
    </message>
    <message>
        <location filename="../../widgets/export/words.py" line="70" />
        <source>PyTorch program (.pt2)</source>
        <translation>PyTorch 프로그램 (.pt2)</translation>
    </message>
    <message>
        <location filename="../../widgets/export/words.py" line="71" />
        <source>Maquette file (.safetensors)</source>
        <translation>Maquette 파일 (.safetensors)</translation>
    </message>
    <message>
        <location filename="../../widgets/export/words.py" line="78" />
        <source>Computers, phones and browsers with ONNX Runtime</source>
        <translation>ONNX Runtime이 있는 컴퓨터, 휴대폰, 브라우저</translation>
    </message>
    <message>
        <location filename="../../widgets/export/words.py" line="79" />
        <source>Intel processors and GPUs, and other CPUs</source>
        <translation>Intel 프로세서와 GPU, 그 밖의 CPU</translation>
    </message>
    <message>
        <location filename="../../widgets/export/words.py" line="80" />
        <source>PyTorch programs, on whatever device PyTorch has</source>
        <translation>PyTorch 프로그램. PyTorch가 쓰는 모든 장치</translation>
    </message>
    <message>
        <location filename="../../widgets/export/words.py" line="81" />
        <source>Going on with it in Maquette: weights alone</source>
        <translation>Maquette에서 이어서 작업할 때. 가중치만 담깁니다</translation>
    </message>
    <message>
        <location filename="../../widgets/export/words.py" line="82" />
        <source>NPUs of Qualcomm, AMD, Intel and Apple; fixed shapes, one picture at a time</source>
        <translation>Qualcomm, AMD, Intel, Apple의 NPU. 크기가 정해져 있고 한 번에 그림 한 장</translation>
    </message>
    <message>
        <location filename="../../widgets/export/words.py" line="85" />
        <source>NPUs of Intel; fixed shapes, one picture at a time</source>
        <translation>Intel NPU. 크기가 정해져 있고 한 번에 그림 한 장</translation>
    </message>
    <message>
        <location filename="../../widgets/export/words.py" line="86" />
        <source>iPhone, iPad and Mac, with their Neural Engine</source>
        <translation>iPhone, iPad, Mac과 Neural Engine</translation>
    </message>
    <message>
        <location filename="../../widgets/export/words.py" line="87" />
        <source>Android phones and small boards</source>
        <translation>안드로이드 휴대폰과 작은 보드</translation>
    </message>
    <message>
        <location filename="../../widgets/export/words.py" line="88" />
        <source>Phones and boards that run PyTorch's own small runtime</source>
        <translation>PyTorch의 작은 런타임을 쓰는 휴대폰과 보드</translation>
    </message>
    <message>
        <location filename="../../widgets/export/words.py" line="101" />
        <source>{n} s</source>
        <translation>{n}초</translation>
    </message>
    <message>
        <location filename="../../widgets/export/words.py" line="104" />
        <source>{n} min</source>
        <translation>{n}분</translation>
    </message>
</context>
<context>
    <name>ExportForm</name>
    <message>
        <location filename="../../widgets/export/form.py" line="68" />
        <source>Time every file</source>
        <translation>파일마다 시간 재기</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="71" />
        <source>Leave the sliders alone meanwhile: what else runs spoils the numbers.</source>
        <translation>그동안 슬라이더를 건드리지 마세요. 다른 작업이 함께 돌면 숫자가 틀어집니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="75" />
        <source>Choose…</source>
        <translation>고르기…</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="80" />
        <location filename="../../widgets/export/form.py" line="381" />
        <source>Export</source>
        <translation>내보내기</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="82" />
        <source>Copy command</source>
        <translation>명령 복사</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="106" />
        <source>&amp;What</source>
        <translation>내보낼 것(&amp;W)</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="107" />
        <source>F&amp;ormats</source>
        <translation>형식(&amp;O)</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="108" />
        <source>&amp;Ask me if</source>
        <translation>물어볼 때(&amp;A)</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="109" />
        <source>&amp;Folder</source>
        <translation>폴더(&amp;F)</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="118" />
        <source>What is exported</source>
        <translation>내보낼 것</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="119" />
        <source>Widths of the ladder</source>
        <translation>사다리의 너비들</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="120" />
        <location filename="../../widgets/export/form.py" line="342" />
        <source>Folder of the bundle</source>
        <translation>번들 폴더</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="121" />
        <source>Choose the folder of the bundle</source>
        <translation>번들 폴더 고르기</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="124" />
        <source>Ratios such as 0.25 0.5 1; each is a subnet in the bundle</source>
        <translation>0.25 0.5 1과 같은 비율. 하나하나가 번들에 담길 서브넷입니다</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="157" />
        <source>The whole model as one Maquette file, from which any subnet can be cut</source>
        <translation>모델 전체를 Maquette 파일 하나로. 어떤 서브넷이든 여기서 잘라 낼 수 있습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="170" />
        <source>current: {name}</source>
        <translation>현재: {name}</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="175" />
        <source>a ladder of widths</source>
        <translation>여러 너비의 사다리</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="199" />
        <source>“{text}” is not a list of numbers such as 0.25 0.5 1</source>
        <translation>“{text}”은(는) 0.25 0.5 1과 같은 숫자 목록이 아닙니다</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="241" />
        <source>Choose at least one format.</source>
        <translation>형식을 하나 이상 고르세요.</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="244" />
        <source>Say in which folder the bundle goes.</source>
        <translation>번들을 둘 폴더를 정하세요.</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="269" />
        <source>Working out what can be made, and how large it is…</source>
        <translation>무엇을 얼마나 큰 크기로 만들 수 있는지 알아보는 중…</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="273" />
        <source>also the whole supernet{size}</source>
        <translation>슈퍼넷 전체도 함께{size}</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="286" />
        <source>Working out sizes…</source>
        <translation>크기를 알아보는 중…</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="303" />
        <source>{n} files, about {size}; those that run here ({ran}) are compared with the original before any is kept.</source>
        <translation>파일 {n}개, 약 {size}. 여기서 실행되는 {ran}개는 남기기 전에 원본과 비교합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="307" />
        <source>1 file, about {size}; it is run and compared before it is kept.</source>
        <translation>파일 1개, 약 {size}. 실행해 비교한 뒤에 남깁니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="310" />
        <source>{n} files, about {size}; every one is run and compared before it is kept.</source>
        <translation>파일 {n}개, 약 {size}. 모두 실행해 비교한 뒤에 남깁니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="375" />
        <source>Replace it</source>
        <translation>바꾸기</translation>
    </message>
    <message>
        <location filename="../../widgets/export/form.py" line="376" />
        <source>A bundle is in {name} already. It is replaced when the new one is whole.</source>
        <translation>{name}에 이미 번들이 있습니다. 새 번들이 온전히 만들어지면 바꿉니다.</translation>
    </message>
</context>
<context>
    <name>ExportPlans</name>
    <message>
        <location filename="../../widgets/export/plans.py" line="84" />
        <source>Work out sizes</source>
        <translation>크기 알아보기</translation>
    </message>
</context>
<context>
    <name>ExportWindow</name>
    <message>
        <location filename="../../widgets/export/export_window.py" line="43" />
        <source>Export bundle</source>
        <translation>번들 내보내기</translation>
    </message>
    <message>
        <location filename="../../widgets/export/export_window.py" line="118" />
        <source>Export {name}</source>
        <translation>{name} 내보내기</translation>
    </message>
    <message>
        <location filename="../../widgets/export/export_window.py" line="163" />
        <source>Cancelled; the folder is as it was.</source>
        <translation>취소했습니다. 폴더는 그대로입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/export/export_window.py" line="176" />
        <source>Install what {format} needs</source>
        <translation>{format}에 필요한 것 설치</translation>
    </message>
    <message>
        <location filename="../../widgets/export/export_window.py" line="192" />
        <source>Cancelled; nothing was installed.</source>
        <translation>취소했습니다. 아무것도 설치하지 않았습니다.</translation>
    </message>
</context>
<context>
    <name>FormatBox</name>
    <message>
        <location filename="../../widgets/export/format_box.py" line="71" />
        <source>What it needs…</source>
        <translation>필요한 것…</translation>
    </message>
    <message>
        <location filename="../../widgets/export/format_box.py" line="73" />
        <source>What {format} needs</source>
        <translation>{format}에 필요한 것</translation>
    </message>
    <message>
        <location filename="../../widgets/export/format_box.py" line="110" />
        <source>Holds {parts}</source>
        <translation>{parts} 포함</translation>
    </message>
    <message>
        <location filename="../../widgets/export/format_box.py" line="118" />
        <source>Its converter is not installed yet.</source>
        <translation>변환기가 아직 설치되지 않았습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/export/format_box.py" line="134" />
        <source>needs the technique Int8 in the recipe</source>
        <translation>레시피에 Int8 기법이 필요합니다</translation>
    </message>
    <message>
        <location filename="../../widgets/export/format_box.py" line="136" />
        <source>runs here: {where}</source>
        <translation>여기서 실행: {where}</translation>
    </message>
    <message>
        <location filename="../../widgets/export/format_box.py" line="138" />
        <source>made here, not run here</source>
        <translation>만들기만 하고 여기서 실행 안 함</translation>
    </message>
</context>
<context>
    <name>FormatList</name>
    <message>
        <location filename="../../widgets/export/formats.py" line="39" />
        <source>Formats</source>
        <translation>형식</translation>
    </message>
</context>
<context>
    <name>Forms</name>
    <message>
        <location filename="../../widgets/gan_compression/forms.py" line="188" />
        <source>Subnets of this supernet: {count}, from {least} to {most}.</source>
        <translation>이 슈퍼넷의 서브넷: {count}개, {least}에서 {most}까지.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/forms.py" line="205" />
        <source>In this order: {steps}. The budget is {budget}.</source>
        <translation>순서: {steps}. 예산은 {budget}입니다.</translation>
    </message>
</context>
<context>
    <name>FoundDirections</name>
    <message>
        <location filename="../../widgets/found_directions.py" line="39" />
        <source>Stages</source>
        <translation>단계</translation>
    </message>
    <message>
        <location filename="../../widgets/found_directions.py" line="41" />
        <source>Which stages they are found for and act on (Karras et al. 2019, section 3.1)</source>
        <translation>어느 단계에서 찾아 어느 단계에 쓸지(Karras 외 2019, 3.1절)</translation>
    </message>
    <message>
        <location filename="../../widgets/found_directions.py" line="45" />
        <source>how many</source>
        <translation>개수</translation>
    </message>
    <message>
        <location filename="../../widgets/found_directions.py" line="46" />
        <source>How many of them have sliders, the strongest first</source>
        <translation>슬라이더로 보일 개수, 강한 것부터</translation>
    </message>
    <message>
        <location filename="../../widgets/found_directions.py" line="53" />
        <source>stages</source>
        <translation>단계</translation>
    </message>
    <message>
        <location filename="../../widgets/found_directions.py" line="104" />
        <source>Moves w along {name}: 1 is one standard deviation (SeFa, Shen &amp; Zhou 2021, section 3)</source>
        <translation>w를 {name} 방향으로 옮깁니다. 1은 표준편차 하나입니다(SeFa, Shen &amp; Zhou 2021, 3절)</translation>
    </message>
    <message>
        <location filename="../../widgets/found_directions.py" line="118" />
        <source>all</source>
        <translation>모두</translation>
    </message>
    <message>
        <location filename="../../widgets/found_directions.py" line="119" />
        <source>coarse</source>
        <translation>큰 틀</translation>
    </message>
    <message>
        <location filename="../../widgets/found_directions.py" line="120" />
        <source>middle</source>
        <translation>중간</translation>
    </message>
    <message>
        <location filename="../../widgets/found_directions.py" line="121" />
        <source>fine</source>
        <translation>세부</translation>
    </message>
    <message>
        <location filename="../../widgets/found_directions.py" line="124" />
        <source>{range}, {pixels} px</source>
        <translation>{range}, {pixels} px</translation>
    </message>
    <message>
        <location filename="../../widgets/found_directions.py" line="129" />
        <source>Change the stages of found directions</source>
        <translation>찾아낸 방향의 단계 바꾸기</translation>
    </message>
    <message>
        <location filename="../../widgets/found_directions.py" line="135" />
        <source>Change the number of found directions</source>
        <translation>찾아낸 방향의 개수 바꾸기</translation>
    </message>
</context>
<context>
    <name>FoundTable</name>
    <message>
        <location filename="../../widgets/gan_compression/found.py" line="30" />
        <source>Show on the frontier</source>
        <translation>프런티어에 보이기</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/found.py" line="32" />
        <source>Open the supernet, keep these subnets and measure them on this computer</source>
        <translation>슈퍼넷을 열고 이 서브넷들을 보관한 뒤 이 컴퓨터에서 측정합니다</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/found.py" line="34" />
        <source>Go on with the selected one</source>
        <translation>선택한 것으로 계속</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/found.py" line="35" />
        <source>Fine-tune and export it</source>
        <translation>미세 조정하고 내보냅니다</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/found.py" line="58" />
        <source>Nearest within {budget}: {name}, FLIP {flip}. Scored: {tried} of {space} subnets, on {pictures} pictures.</source>
        <translation>{budget} 안에서 가장 가까운 것: {name}, FLIP {flip}. 서브넷 {space}개 중 {tried}개를 그림 {pictures}장으로 평가했습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/found.py" line="69" />
        <source>Latency measured on {target}.</source>
        <translation>지연 시간은 {target}에서 측정했습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/found.py" line="99" />
        <source>Subnet</source>
        <translation>서브넷</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/found.py" line="101" />
        <source>FLIP</source>
        <translation>FLIP</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/found.py" line="103" />
        <source>Mean FLIP to what the teacher draws, 0 to 1; 0 is the same</source>
        <translation>교사가 그린 것과의 평균 FLIP, 0에서 1까지. 0이면 같습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/found.py" line="105" />
        <source>Parameters</source>
        <translation>파라미터</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/found.py" line="107" />
        <source>MACs</source>
        <translation>MAC</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/found.py" line="110" />
        <source>True multiply-accumulates of one picture</source>
        <translation>그림 한 장의 실제 곱셈 누산 수</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/found.py" line="113" />
        <source>MACs, paper</source>
        <translation>논문 MAC</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/found.py" line="116" />
        <source>As Li et al. 2020 count them</source>
        <translation>Li 외 2020이 세는 방식</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/found.py" line="119" />
        <source>Latency</source>
        <translation>지연 시간</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/found.py" line="122" />
        <source>Measured at batch 1: median</source>
        <translation>배치 1로 측정한 중앙값</translation>
    </message>
</context>
<context>
    <name>Frontier</name>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="26" />
        <source>latency</source>
        <translation>지연</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="27" />
        <source>size</source>
        <translation>크기</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="28" />
        <source>peak memory</source>
        <translation>최대 메모리</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="29" />
        <source>MACs (not speed)</source>
        <translation>MAC (속도 아님)</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="30" />
        <source>parameters</source>
        <translation>매개변수</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="34" />
        <source>realism</source>
        <translation>사실성</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="43" />
        <source>Median of one picture, measured on this computer</source>
        <translation>그림 한 장의 중앙값, 이 컴퓨터에서 측정</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="44" />
        <source>Bytes of the weights in memory</source>
        <translation>메모리에 놓인 가중치의 바이트 수</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="45" />
        <source>What a process of its own takes, at most, to load and run it here</source>
        <translation>이 컴퓨터에서 따로 띄운 프로세스가 불러와 실행할 때 차지하는 최대 메모리</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="48" />
        <source>True multiply-accumulates; no measure of speed</source>
        <translation>실제로 드는 곱셈-누산. 속도의 척도가 아닙니다</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="49" />
        <source>Number of weights</source>
        <translation>가중치의 수</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="50" />
        <source>Visible difference to full (Andersson et al. 2020); 0 is none</source>
        <translation>전체와 눈에 보이는 차이(Andersson 외 2020). 0이면 없습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="53" />
        <source>Structural similarity to full (Wang et al. 2004); 1 is equal</source>
        <translation>전체와의 구조적 유사도(Wang 외 2004). 1이면 같습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="56" />
        <source>Peak signal-to-noise ratio to full; higher is closer</source>
        <translation>전체에 대한 최대 신호 대 잡음비. 높을수록 가깝습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="57" />
        <source>Feature distance of 256 pictures to what the model learnt from, as the embedded judge sees it; 0 is best. Clay heads alone.</source>
        <translation>내장 판정 모델이 본, 그림 256장과 모델이 배운 세계 사이의 특징 거리. 0이 가장 좋습니다. 점토 두상만 됩니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="62" />
        <source>Learned perceptual distance to full (Zhang et al. 2018); 0 is none</source>
        <translation>전체와의 학습된 지각 거리 (Zhang 외 2018). 0이면 차이 없음</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="65" />
        <source>Fréchet Inception distance of 256 pictures to those of full (Heusel et al. 2017); 0 is none</source>
        <translation>그림 256장과 전체가 그린 그림 사이의 프레셰 인셉션 거리 (Heusel 외 2017). 0이면 차이 없음</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="117" />
        <source>measured on {host}, {target}</source>
        <translation>{host}에서 측정, {target}</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="120" />
        <source>measured, {target}</source>
        <translation>측정, {target}</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="122" />
        <source>predicted from {n} measured ones, {target}</source>
        <translation>측정한 {n}개로 예측함, {target}</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="125" />
        <source>live, not measured, {target}</source>
        <translation>실시간, 측정 안 함, {target}</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="136" />
        <source>peak memory {size}</source>
        <translation>최대 메모리 {size}</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="142" />
        <source>{count} parameters</source>
        <translation>매개변수 {count}</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/axes.py" line="149" />
        <source>about {latency}</source>
        <translation>약 {latency}</translation>
    </message>
</context>
<context>
    <name>FrontierCanvas</name>
    <message>
        <location filename="../../widgets/frontier/canvas.py" line="288" />
        <source>equal to full</source>
        <translation>전체와 같음</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/canvas.py" line="298" />
        <source>frontier</source>
        <translation>프런티어</translation>
    </message>
</context>
<context>
    <name>FrontierPanel</name>
    <message>
        <location filename="../../widgets/frontier/panel.py" line="64" />
        <source>Quality</source>
        <translation>품질</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/panel.py" line="65" />
        <source>Cost</source>
        <translation>비용</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/panel.py" line="66" />
        <source>against</source>
        <translation>대</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/panel.py" line="67" />
        <source>at most</source>
        <translation>한도</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/panel.py" line="70" />
        <source>The most it may cost</source>
        <translation>비용의 한도</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/panel.py" line="72" />
        <source>The most it may cost. Drag the line in the plot, or type a number.</source>
        <translation>비용의 한도. 그래프의 선을 끌거나 숫자를 입력하세요.</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/panel.py" line="78" />
        <source>The best variant under the limit, of those measured here</source>
        <translation>여기서 측정한 것 가운데 한도 안에서 가장 좋은 변형</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/panel.py" line="79" />
        <source>Use it</source>
        <translation>사용</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/panel.py" line="81" />
        <source>Make the best variant under the limit the current one</source>
        <translation>한도 안에서 가장 좋은 변형을 현재로 삼습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/panel.py" line="125" />
        <source>Variants measured on this computer stand here as points: how close to full, against what they cost.</source>
        <translation>이 컴퓨터에서 측정한 변형이 여기에 점으로 나타납니다. 전체에 얼마나 가까운지를 비용에 견줍니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/panel.py" line="211" />
        <source>The judge that comes with Maquette knows clay heads alone. How real the pictures of this model are cannot be told.</source>
        <translation>Maquette에 든 판정 모델은 점토 두상만 압니다. 이 모델의 그림이 얼마나 사실적인지는 알 수 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/panel.py" line="216" />
        <source>Not measured yet: {axis}. Measure again to see it here.</source>
        <translation>아직 측정하지 않음: {axis}. 다시 측정하면 여기에 보입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/panel.py" line="308" />
        <source>nothing is below that</source>
        <translation>그 아래에는 없습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/panel.py" line="311" />
        <source>nothing is measured on {target} yet</source>
        <translation>{target}에서 측정한 것이 아직 없습니다</translation>
    </message>
</context>
<context>
    <name>FrontierPlot</name>
    <message>
        <location filename="../../widgets/frontier/plot.py" line="56" />
        <source>Quality against cost</source>
        <translation>비용 대 품질</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/plot.py" line="240" />
        <source>Show on side {side}</source>
        <translation>{side}쪽에 보이기</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/plot.py" line="242" />
        <source>Make it current</source>
        <translation>현재로 삼기</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/plot.py" line="244" />
        <source>Export bundle…</source>
        <translation>번들 내보내기…</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/plot.py" line="245" />
        <source>Layer by layer…</source>
        <translation>층별로 보기…</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/plot.py" line="247" />
        <source>Show everything</source>
        <translation>모두 보이기</translation>
    </message>
</context>
<context>
    <name>GalleryList</name>
    <message>
        <location filename="../../widgets/gallery/listing.py" line="137" />
        <source>Pictures, newest first</source>
        <translation>그림, 새것부터</translation>
    </message>
</context>
<context>
    <name>GalleryModel</name>
    <message>
        <location filename="../../widgets/gallery/listing.py" line="106" />
        <source>This file is gone; its settings can still be brought back.</source>
        <translation>이 파일은 없어졌지만 설정은 다시 불러올 수 있습니다.</translation>
    </message>
</context>
<context>
    <name>GalleryView</name>
    <message>
        <location filename="../../widgets/gallery/looking.py" line="36" />
        <source>Side</source>
        <translation>나란히</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/looking.py" line="37" />
        <source>Wipe</source>
        <translation>쓸기</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/looking.py" line="38" />
        <source>Blink</source>
        <translation>번갈아</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/looking.py" line="39" />
        <source>Alone</source>
        <translation>단독</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/looking.py" line="57" />
        <source>Compare with what is drawn now: {way}</source>
        <translation>지금 그린 것과 비교: {way}</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/looking.py" line="92" />
        <source>the file is gone; this is its small picture</source>
        <translation>파일이 없어져 작은 그림을 보입니다</translation>
    </message>
</context>
<context>
    <name>GalleryWindow</name>
    <message>
        <location filename="../../widgets/gallery/window.py" line="50" />
        <source>Gallery</source>
        <translation>갤러리</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/window.py" line="78" />
        <source>&amp;Bring back</source>
        <translation>다시 불러오기(&amp;B)</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/window.py" line="79" />
        <source>&amp;Copy</source>
        <translation>복사(&amp;C)</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/window.py" line="80" />
        <source>Save &amp;as…</source>
        <translation>다른 이름으로 저장(&amp;A)…</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/window.py" line="81" />
        <source>Show in &amp;folder</source>
        <translation>폴더에서 보기(&amp;F)</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/window.py" line="82" />
        <source>&amp;Remove</source>
        <translation>제거(&amp;R)</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/window.py" line="83" />
        <location filename="../../widgets/gallery/window.py" line="332" />
        <source>Undo</source>
        <translation>되돌리기</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/window.py" line="92" />
        <source>Draw it again: model, recipe, seed and sliders come back</source>
        <translation>다시 그립니다. 모델, 레시피, 시드, 슬라이더가 돌아옵니다</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/window.py" line="93" />
        <source>Take it out of the gallery; the file itself stays</source>
        <translation>갤러리에서 뺍니다. 파일은 그대로 있습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/window.py" line="114" />
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/window.py" line="172" />
        <source>Press {keys} in the main window to finish a picture; it is kept here.</source>
        <translation>주 창에서 {keys} 키를 눌러 그림을 완성하면 여기에 모입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/window.py" line="176" />
        <source>Finish a picture in the main window; it is kept here.</source>
        <translation>주 창에서 그림을 완성하면 여기에 모입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/window.py" line="221" />
        <source>{n} of {all} selected</source>
        <translation>{all}장 중 {n}장 선택</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/window.py" line="223" />
        <source>Pictures: {n}</source>
        <translation>그림 {n}장</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/window.py" line="274" />
        <source>Copied, pictures: {n}</source>
        <translation>복사했습니다. 그림 수: {n}</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/window.py" line="301" />
        <source>Saved in {folder}</source>
        <translation>{folder}에 저장했습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/window.py" line="302" />
        <source>Show in folder</source>
        <translation>폴더에서 보기</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/window.py" line="329" />
        <source>Removed from the gallery, pictures: {n}. The files stay.</source>
        <translation>갤러리에서 그림 {n}장을 제거했습니다. 파일은 그대로 있습니다.</translation>
    </message>
</context>
<context>
    <name>GalleryWords</name>
    <message>
        <location filename="../../widgets/gallery/words.py" line="22" />
        <source>{model}, seed {seed}</source>
        <translation>{model}, 시드 {seed}</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/words.py" line="37" />
        <source>full</source>
        <translation>전체</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/words.py" line="39" />
        <source>free widths</source>
        <translation>자유 너비</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/words.py" line="41" />
        <source>width {width} Anycost</source>
        <translation>너비 {width} Anycost</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/words.py" line="43" />
        <source>width {width}</source>
        <translation>너비 {width}</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/words.py" line="50" />
        <location filename="../../widgets/gallery/words.py" line="52" />
        <source>{n} px</source>
        <translation>{n} px</translation>
    </message>
    <message>
        <location filename="../../widgets/gallery/words.py" line="64" />
        <source>the file is gone</source>
        <translation>파일 없음</translation>
    </message>
</context>
<context>
    <name>GanCompression</name>
    <message>
        <location filename="../../widgets/gan_compression/opening.py" line="39" />
        <source>{name} is written.</source>
        <translation>{name}을(를) 썼습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/opening.py" line="40" />
        <source>Open the result</source>
        <translation>결과 열기</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/setup_pages.py" line="34" />
        <location filename="../../widgets/gan_compression/setup_pages.py" line="138" />
        <location filename="../../widgets/gan_compression/words.py" line="80" />
        <source>Pictures</source>
        <translation>그림</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/setup_pages.py" line="35" />
        <source>Pairs of an input and what should come out of it, or inputs alone where a trained teacher is there.</source>
        <translation>입력과 거기서 나와야 할 그림의 쌍입니다. 학습된 교사가 있으면 입력만으로도 됩니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/setup_pages.py" line="46" />
        <source>wanted picture first</source>
        <translation>원하는 그림이 먼저</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/setup_pages.py" line="57" />
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/setup_pages.py" line="105" />
        <source>Training</source>
        <translation>학습</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/setup_pages.py" line="106" />
        <source>The same for every step that trains. What stands here at first is what the paper's own code does, but for the time.</source>
        <translation>학습하는 모든 단계에 같습니다. 시간을 빼면 처음 값은 논문의 코드와 같습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/setup_pages.py" line="112" />
        <source> min</source>
        <translation> 분</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/setup_pages.py" line="117" />
        <source>by time</source>
        <translation>시간으로</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/setup_pages.py" line="128" />
        <source>half of the pairs</source>
        <translation>쌍의 절반</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/setup_pages.py" line="132" />
        <source>How long</source>
        <translation>길이</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/setup_pages.py" line="135" />
        <source>Learnt from</source>
        <translation>배우는 것</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_pages.py" line="76" />
        <source>the teacher's own weights</source>
        <translation>교사의 가중치</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_pages.py" line="78" />
        <source>the whole supernet</source>
        <translation>슈퍼넷 전체</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_pages.py" line="79" />
        <source>nothing yet</source>
        <translation>아직 없음</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_pages.py" line="88" />
        <source>train one here</source>
        <translation>여기서 학습</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_pages.py" line="93" />
        <source>Picture width</source>
        <translation>그림 너비</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_pages.py" line="94" />
        <source>Picture height</source>
        <translation>그림 높이</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_pages.py" line="96" />
        <source>A new one</source>
        <translation>새 교사</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_pages.py" line="150" />
        <source>one, drawn evenly</source>
        <translation>고르게 뽑은 하나</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_pages.py" line="151" />
        <source>sandwich of four</source>
        <translation>네 개의 샌드위치</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_pages.py" line="170" />
        <source>“{text}” are no shares of widths; accepted are numbers above 0 and at most 1, such as 1 0.75 0.5</source>
        <translation>“{text}”은(는) 너비 비율이 아닙니다. 1 0.75 0.5처럼 0보다 크고 1 이하인 수를 쓰세요</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_pages.py" line="185" />
        <source>{unit} as papers count</source>
        <translation>{unit} (논문 방식)</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_pages.py" line="188" />
        <source>ms, measured</source>
        <translation>ms, 측정값</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_pages.py" line="195" />
        <source>measure finalists</source>
        <translation>최종 후보 측정</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_pages.py" line="210" />
        <source>Evolution</source>
        <translation>진화</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_pages.py" line="215" />
        <location filename="../../widgets/gan_compression/words.py" line="94" />
        <source>Budget</source>
        <translation>예산</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_pages.py" line="216" />
        <source>Unit of the budget</source>
        <translation>예산의 단위</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_pages.py" line="284" />
        <source>such as 16_16_32_16_32_32_16_16</source>
        <translation>예: 16_16_32_16_32_32_16_16</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_pages.py" line="309" />
        <source>thorough, as in the paper</source>
        <translation>꼼꼼히, 논문대로</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_pages.py" line="310" />
        <source>fast, without MobileNet teacher</source>
        <translation>빠르게, MobileNet 교사 없이</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/telling.py" line="27" />
        <source>The teacher's file tells how these are read.</source>
        <translation>어떻게 읽을지는 교사 파일이 정합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/telling.py" line="30" />
        <source>Usable: {count}, {way}.</source>
        <translation>쓸 수 있음: {count}개, {way}.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/telling.py" line="33" />
        <source>Wanted pictures: {count}.</source>
        <translation>원하는 그림: {count}장.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/telling.py" line="37" />
        <source>Left out: {count}; of {name}: {why}.</source>
        <translation>제외: {count}개. {name}의 까닭: {why}.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/telling.py" line="46" />
        <source>All have {size} px.</source>
        <translation>모두 {size} px입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/telling.py" line="49" />
        <source>Sizes differ ({sizes}); all are cropped and brought to the teacher's.</source>
        <translation>크기가 다릅니다({sizes}). 모두 잘라서 교사의 크기로 맞춥니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/telling.py" line="54" />
        <source>Sizes differ ({sizes}); all are cropped and brought to {size} px.</source>
        <translation>크기가 다릅니다({sizes}). 모두 잘라서 {size} px로 맞춥니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="15" />
        <source>All in one go</source>
        <translation>한 번에 모두</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="16" />
        <location filename="../../widgets/gan_compression/words.py" line="84" />
        <source>Teacher</source>
        <translation>교사</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="17" />
        <source>MobileNet-style teacher</source>
        <translation>MobileNet형 교사</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="18" />
        <source>Weight transfer</source>
        <translation>가중치 옮기기</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="19" />
        <location filename="../../widgets/gan_compression/words.py" line="111" />
        <source>Distillation</source>
        <translation>증류</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="20" />
        <source>Once-for-all supernet</source>
        <translation>Once-for-all 슈퍼넷</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="21" />
        <source>Search</source>
        <translation>탐색</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="22" />
        <source>Fine-tune</source>
        <translation>미세 조정</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="23" />
        <source>Export the subnet</source>
        <translation>서브넷 내보내기</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="30" />
        <source>Every step after the other, from the teacher, or from the pictures alone, to one small network. It goes on where it was ended.</source>
        <translation>교사에서, 또는 그림만으로 시작해 작은 네트워크 하나까지 모든 단계를 차례로 합니다. 멈춘 곳에서 이어집니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="35" />
        <source>The wide network that the small one learns from. Bring a trained one (pix2pix, CycleGAN, GauGAN), or train a residual one here from pairs.</source>
        <translation>작은 네트워크가 배우는 넓은 네트워크입니다. 학습된 것(pix2pix, CycleGAN, GauGAN)을 가져오거나 여기서 쌍으로 잔차 네트워크를 학습하세요.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="40" />
        <source>The teacher again, with separable convolutions in its blocks (section 3.3): the same widths, far fewer multiplies. It then teaches the rest.</source>
        <translation>블록에 분리 가능한 합성곱을 쓴 교사입니다(3.3절). 너비는 같고 곱셈은 훨씬 적습니다. 이후에는 이것이 가르칩니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="45" />
        <source>A narrow network from the strongest channels of a wide one, by the sum of their weights (L1). Nothing is trained; distillation begins with it.</source>
        <translation>넓은 네트워크에서 가중치 합(L1)이 가장 큰 채널로 만든 좁은 네트워크입니다. 학습은 하지 않으며 증류가 이것으로 시작합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="50" />
        <source>The narrow network learns to draw what the teacher draws: from its pictures, and from what goes through its layers.</source>
        <translation>좁은 네트워크가 교사처럼 그리는 법을 교사의 그림과 층을 지나는 값에서 배웁니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="55" />
        <source>One set of weights that works at many widths: every step trains other subnets of it.</source>
        <translation>여러 너비에서 쓸 수 있는 가중치 한 벌입니다. 스텝마다 다른 서브넷을 학습합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="59" />
        <source>Evolution finds the subnet nearest to the teacher that the budget allows. Its results are points on the frontier.</source>
        <translation>예산이 허락하는 서브넷 가운데 교사에 가장 가까운 것을 진화로 찾습니다. 결과는 프런티어의 점이 됩니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="64" />
        <source>The subnet that was chosen is trained on its own for a while.</source>
        <translation>고른 서브넷만 따로 얼마간 더 학습합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="67" />
        <source>The subnet that was chosen as a model file of its own. Where it has batch norms, their statistics are taken anew from the pictures.</source>
        <translation>고른 서브넷을 따로 모델 파일로 씁니다. 배치 정규화가 있으면 그림에서 통계를 새로 얻습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="78" />
        <source>Folder of the work</source>
        <translation>작업 폴더</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="79" />
        <source>Pairs</source>
        <translation>쌍</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="81" />
        <source>Wanted pictures</source>
        <translation>원하는 그림</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="82" />
        <source>Direction</source>
        <translation>방향</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="83" />
        <source>Instance maps</source>
        <translation>인스턴스 맵</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="85" />
        <location filename="../../widgets/gan_compression/words.py" line="91" />
        <source>Base channels</source>
        <translation>기본 채널</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="86" />
        <source>Residual blocks</source>
        <translation>잔차 블록</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="87" />
        <source>Picture size</source>
        <translation>그림 크기</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="88" />
        <source>Wide network</source>
        <translation>넓은 네트워크</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="89" />
        <source>Supernet</source>
        <translation>슈퍼넷</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="90" />
        <source>Begins with</source>
        <translation>시작 가중치</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="92" />
        <source>Shares of widths</source>
        <translation>너비 비율</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="93" />
        <source>Subnets of a step</source>
        <translation>스텝의 서브넷</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="95" />
        <source>Measured on</source>
        <translation>측정 대상</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="96" />
        <source>Population</source>
        <translation>개체 수</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="97" />
        <source>Generations</source>
        <translation>세대</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="98" />
        <source>Parents</source>
        <translation>부모</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="99" />
        <source>Of one parent</source>
        <translation>부모 하나</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="100" />
        <source>Mutation</source>
        <translation>돌연변이</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="101" />
        <source>Scored on</source>
        <translation>평가 그림</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="102" />
        <source>Finalists</source>
        <translation>최종 후보</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="103" />
        <source>Subnet</source>
        <translation>서브넷</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="104" />
        <source>Way</source>
        <translation>방법</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="105" />
        <source>Time of a step</source>
        <translation>단계 시간</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="106" />
        <source>Or steps</source>
        <translation>또는 스텝 수</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="107" />
        <source>Batch</source>
        <translation>배치</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="108" />
        <source>Learning rate</source>
        <translation>학습률</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="109" />
        <source>Falling rate</source>
        <translation>감소 구간</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="110" />
        <source>Reconstruction</source>
        <translation>재구성</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="112" />
        <source>Adversarial</source>
        <translation>적대</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="113" />
        <source>Adversarial form</source>
        <translation>적대 손실 형태</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="114" />
        <source>Discriminator</source>
        <translation>판별자</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="115" />
        <source>Random crop</source>
        <translation>무작위 자르기</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="116" />
        <source>Mirror</source>
        <translation>좌우 반전</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="117" />
        <source>Held out</source>
        <translation>남겨 둠</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="118" />
        <source>Seed</source>
        <translation>시드</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="125" />
        <source>Everything that is made is kept here. Choose it again to go on with a work.</source>
        <translation>만든 것을 모두 여기에 둡니다. 다시 고르면 작업을 이어 합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="129" />
        <source>How inputs and wanted pictures belong together. Without wanted pictures the teacher makes them.</source>
        <translation>입력과 원하는 그림이 어떻게 짝을 이루는지입니다. 원하는 그림이 없으면 교사가 만듭니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="134" />
        <source>Folder of the pairs, or of the inputs. Folders in it count too.</source>
        <translation>쌍 또는 입력이 있는 폴더입니다. 하위 폴더도 포함합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="137" />
        <source>Folder of what should come out. Pairs have the same names in both folders.</source>
        <translation>나와야 할 그림의 폴더입니다. 쌍은 두 폴더에서 이름이 같습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="141" />
        <source>Tick it where the wanted picture is the left, or first, one (BtoA).</source>
        <translation>원하는 그림이 왼쪽 또는 먼저면 표시하세요(BtoA).</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="144" />
        <source>Only for label maps with edges (GauGAN): a folder of the same names.</source>
        <translation>경계가 있는 레이블 맵(GauGAN)에만 씁니다. 이름이 같은 폴더입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="147" />
        <source>A model file; empty trains one from the pairs in this step.</source>
        <translation>모델 파일입니다. 비우면 이 단계에서 쌍으로 학습합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="150" />
        <source>Channels of the first layer (ngf); the paper's teachers have 64.</source>
        <translation>첫 층의 채널 수(ngf)입니다. 논문의 교사는 64입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="153" />
        <source>The paper's teachers have 9.</source>
        <translation>논문의 교사는 9입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="154" />
        <source>Width and height in px; the paper trains at 256 x 256. Multiples of 4.</source>
        <translation>너비와 높이(px)입니다. 논문은 256 x 256으로 학습합니다. 4의 배수여야 합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="158" />
        <source>Whose widths it gets, and who teaches it.</source>
        <translation>이 너비를 받고, 이 교사에게 배웁니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="159" />
        <source>Who teaches; another file may be named.</source>
        <translation>가르치는 네트워크입니다. 다른 파일도 됩니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="160" />
        <source>Whose strongest channels are kept.</source>
        <translation>가장 강한 채널을 남길 네트워크입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="161" />
        <source>Whose subnets these are.</source>
        <translation>서브넷을 꺼낼 슈퍼넷입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="162" />
        <source>Weights at the beginning; empty takes the teacher's strongest channels.</source>
        <translation>처음 가중치입니다. 비우면 교사의 가장 강한 채널을 씁니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="166" />
        <source>Channels of the first layer (ngf) of the narrow network; paper: 48.</source>
        <translation>좁은 네트워크의 첫 층 채널 수(ngf)입니다. 논문: 48.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="169" />
        <source>Shares of its width that every stage may have, such as 1 0.75 0.5 (paper: 32, 24 and 16 of 32 channels).</source>
        <translation>각 단이 가질 수 있는 너비 비율입니다. 예: 1 0.75 0.5 (논문: 32채널 중 32, 24, 16).</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="174" />
        <source>One drawn evenly (the paper), or the sandwich of the largest, the smallest and two between (Yu &amp; Huang 2019): slower steps, steadier ends.</source>
        <translation>고르게 뽑은 하나(논문), 또는 가장 큰 것, 가장 작은 것, 중간 둘의 샌드위치(Yu &amp; Huang 2019)입니다. 샌드위치는 느리지만 양 끝이 안정됩니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="179" />
        <source>What one picture may cost. Fewer multiplies (MACs) are not always fewer milliseconds: depthwise layers save the one and hardly the other.</source>
        <translation>그림 한 장에 쓸 수 있는 비용입니다. 곱셈(MAC)이 적다고 늘 빠르지는 않습니다. 깊이별 층은 곱셈만 줄이고 시간은 거의 못 줄입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="184" />
        <source>Where latency is measured, at batch 1. Under a budget of MACs only finalists are.</source>
        <translation>지연 시간을 배치 1로 측정할 곳입니다. MAC 예산에서는 최종 후보만 측정합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="188" />
        <source>Subnets of one generation; paper: 100.</source>
        <translation>한 세대의 서브넷 수입니다. 논문: 100.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="189" />
        <source>Published searches ran 500; twenty find most of it.</source>
        <translation>발표된 탐색은 500세대였습니다. 스무 세대면 대부분 찾습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="192" />
        <source>Share of a generation that has children; paper: 0.25.</source>
        <translation>세대에서 자식을 갖는 비율입니다. 논문: 0.25.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="195" />
        <source>Share of children with one parent, not two; paper: 0.5.</source>
        <translation>부모가 둘이 아니라 하나인 자식의 비율입니다. 논문: 0.5.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="198" />
        <source>Chance that a stage of a child changes; paper: 0.2.</source>
        <translation>자식의 한 단이 바뀔 확률입니다. 논문: 0.2.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="201" />
        <source>Pictures on which a subnet is compared with the teacher (FLIP).</source>
        <translation>서브넷을 교사와 견줄 그림 수입니다(FLIP).</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="204" />
        <source>How many of the nearest are measured and shown in the end.</source>
        <translation>끝에 측정하고 보여 줄 가장 가까운 서브넷의 수입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="207" />
        <source>Its configuration string, one number a stage; the search fills it in.</source>
        <translation>단마다 수 하나인 구성 문자열입니다. 탐색이 채워 넣습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="211" />
        <source>The fast way leaves out the MobileNet-style teacher and the distillation; its supernet begins with the teacher's own weights, as in the authors' fast pipeline.</source>
        <translation>빠른 방법은 MobileNet형 교사와 증류를 건너뜁니다. 저자들의 빠른 파이프라인처럼 슈퍼넷이 교사의 가중치로 시작합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="216" />
        <source>Length of each step that trains. Stop ends it.</source>
        <translation>학습하는 단계 하나의 길이입니다. 멈춤으로 끝낼 수 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="217" />
        <source>0: by time. The paper counts epochs over the data.</source>
        <translation>0이면 시간으로 정합니다. 논문은 에포크로 셉니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="218" />
        <source>Pictures a step; the paper trains with 1.</source>
        <translation>스텝마다 쓰는 그림 수입니다. 논문은 1입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="219" />
        <source>Of Adam; paper: 0.0002.</source>
        <translation>Adam의 학습률입니다. 논문: 0.0002.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="220" />
        <source>Share of a step, at its end, in which the rate falls to 0.</source>
        <translation>단계 끝에서 학습률이 0으로 줄어드는 구간의 비율입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="223" />
        <source>Weight of nearness to the true picture of a pair, else to the teacher's; paper: 100.</source>
        <translation>쌍의 실제 그림, 없으면 교사의 그림에 가까운 정도의 가중치입니다. 논문: 100.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="227" />
        <source>Weight of what goes through the layers differing from the teacher's (1x1 adaptors); paper: 1.</source>
        <translation>층을 지나는 값이 교사와 다른 정도의 가중치입니다(1x1 어댑터). 논문: 1.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="232" />
        <source>Weight of passing for a real picture (discriminator); paper: 1.</source>
        <translation>진짜 그림으로 통하는 정도의 가중치입니다(판별자). 논문: 1.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="235" />
        <source>hinge as in the paper's code; CycleGAN has lsgan.</source>
        <translation>논문의 코드는 hinge, CycleGAN은 lsgan입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="238" />
        <source>Channels of its first layer (ndf); paper: 128.</source>
        <translation>판별자 첫 층의 채널 수(ndf)입니다. 논문: 128.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="239" />
        <source>Pictures are read this much larger, and a random part is taken; paper: 1.117 (286 of 256).</source>
        <translation>그림을 이만큼 크게 읽어 무작위로 일부를 씁니다. 논문: 1.117 (256에 대해 286).</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="244" />
        <source>Untick it where left and right matter, as with writing.</source>
        <translation>글자처럼 좌우가 중요하면 표시를 지우세요.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="247" />
        <source>Pairs that are never trained on; they decide which state is kept as the best.</source>
        <translation>학습에 쓰지 않는 쌍입니다. 어느 상태를 최선으로 남길지 정합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="251" />
        <source>Of every random choice.</source>
        <translation>모든 무작위 선택의 시드입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="258" />
        <source>find out</source>
        <translation>알아서 판단</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="259" />
        <source>side by side in one picture (A|B)</source>
        <translation>한 그림에 나란히 (A|B)</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="260" />
        <source>two folders, same names</source>
        <translation>두 폴더, 같은 이름</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="261" />
        <source>two folders, no pairs</source>
        <translation>두 폴더, 쌍 없음</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/words.py" line="262" />
        <source>inputs alone, the teacher draws the rest</source>
        <translation>입력만, 나머지는 교사가 그림</translation>
    </message>
</context>
<context>
    <name>GanCompressionWindow</name>
    <message>
        <location filename="../../widgets/gan_compression/window.py" line="67" />
        <source>GAN Compression</source>
        <translation>GAN 압축</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/window.py" line="87" />
        <source>Go on from where it was ended</source>
        <translation>멈춘 곳에서 계속</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/window.py" line="88" />
        <source>Open the result</source>
        <translation>결과 열기</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/window.py" line="89" />
        <source>The paper's values</source>
        <translation>논문의 값</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/window.py" line="90" />
        <source>Everything but files and folders as the paper has it</source>
        <translation>파일과 폴더를 빼고 모두 논문대로</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/window.py" line="91" />
        <source>Copy as command</source>
        <translation>명령으로 복사</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/window.py" line="92" />
        <source>Next</source>
        <translation>다음</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/window.py" line="93" />
        <source>Begin</source>
        <translation>시작</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/window.py" line="145" />
        <source>name a folder for the work first</source>
        <translation>먼저 작업 폴더를 정하세요</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/window.py" line="190" />
        <source>GAN Compression: {step}</source>
        <translation>GAN 압축: {step}</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/window.py" line="238" />
        <source>Cancelled. What was begun is kept, to go on from later.</source>
        <translation>취소했습니다. 시작한 것은 나중에 이어 하도록 남겨 둡니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/window.py" line="338" />
        <source>Another step is under way.</source>
        <translation>다른 단계가 진행 중입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/window.py" line="341" />
        <source>A teacher is named: there is nothing to train here.</source>
        <translation>교사가 정해져 있어 여기서 학습할 것이 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/window.py" line="349" />
        <source>{name} is there.</source>
        <translation>{name}이(가) 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/window.py" line="378" />
        <source>A work is kept here; what was filled in is back.</source>
        <translation>여기에 작업이 있습니다. 입력했던 값을 되살렸습니다.</translation>
    </message>
</context>
<context>
    <name>GanProgress</name>
    <message>
        <location filename="../../widgets/gan_compression/progress.py" line="81" />
        <source>starting</source>
        <translation>시작하는 중</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/progress.py" line="108" />
        <source>input</source>
        <translation>입력</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/progress.py" line="108" />
        <source>wanted</source>
        <translation>원하는 그림</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/progress.py" line="148" />
        <source>{stage}: stopped after {steps} steps in {minutes} min.</source>
        <translation>{stage}: {steps}스텝, {minutes}분 뒤 멈췄습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/progress.py" line="150" />
        <source>{stage}: {steps} steps in {minutes} min.</source>
        <translation>{stage}: {steps}스텝, {minutes}분.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/progress.py" line="157" />
        <source>It broke off: {why}.</source>
        <translation>중단되었습니다: {why}.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/progress.py" line="159" />
        <source>The best so far is in {name}.</source>
        <translation>지금까지 가장 좋은 것은 {name}에 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/progress.py" line="161" />
        <source>The result is {name}.</source>
        <translation>결과는 {name}입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/progress.py" line="163" />
        <source>The search was ended early.</source>
        <translation>탐색을 일찍 끝냈습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/progress.py" line="171" />
        <source>Left out: {count} pictures; of {name}: {why}.</source>
        <translation>제외한 그림: {count}장. {name}의 까닭: {why}.</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/progress.py" line="176" />
        <source>stopping after this step</source>
        <translation>이 스텝 뒤에 멈춥니다</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/progress.py" line="188" />
        <source>full</source>
        <translation>전체</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/progress.py" line="192" />
        <source>Error at first</source>
        <translation>처음 오차</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/progress.py" line="192" />
        <source>Error now</source>
        <translation>현재 오차</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/progress.py" line="200" />
        <source>Mean difference of pixels to what is wanted, 0 to 1, on held-out pictures</source>
        <translation>남겨 둔 그림에서 원하는 그림과의 평균 픽셀 차이, 0에서 1까지</translation>
    </message>
</context>
<context>
    <name>GeneralPage</name>
    <message>
        <location filename="../../widgets/preferences/general_page.py" line="46" />
        <source>&amp;Language</source>
        <translation>언어(&amp;L)</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/general_page.py" line="47" />
        <source>&amp;Theme</source>
        <translation>테마(&amp;T)</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/general_page.py" line="27" />
        <location filename="../../widgets/preferences/general_page.py" line="31" />
        <source>As the system</source>
        <translation>시스템 설정에 따름</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/general_page.py" line="33" />
        <source>Dark</source>
        <translation>어둡게</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/general_page.py" line="32" />
        <source>Light</source>
        <translation>밝게</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/general_page.py" line="29" />
        <source>Takes effect when Maquette is started again.</source>
        <translation>Maquette를 다시 시작하면 적용됩니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/general_page.py" line="48" />
        <source>&amp;Draw with</source>
        <translation>그릴 곳(&amp;D)</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/general_page.py" line="38" />
        <source>Runtime, precision and device of what has no target of its own. Where it cannot be used, PyTorch draws in its place.</source>
        <translation>따로 정하지 않은 것을 그릴 런타임, 정밀도, 장치입니다. 쓸 수 없는 곳에서는 PyTorch가 대신 그립니다.</translation>
    </message>
</context>
<context>
    <name>GeneratedPanel</name>
    <message>
        <location filename="../../widgets/recipes/generated.py" line="58" />
        <source>More</source>
        <translation>더 보기</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/generated.py" line="68" />
        <source>Nothing to set.</source>
        <translation>설정할 것이 없습니다.</translation>
    </message>
</context>
<context>
    <name>Grid</name>
    <message>
        <location filename="../../widgets/grid/opening.py" line="32" />
        <source>Show from the grid</source>
        <translation>모아 보기에서 보이기</translation>
    </message>
</context>
<context>
    <name>GridChoice</name>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="32" />
        <source>Variants to show</source>
        <translation>보일 변형</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="42" />
        <source>&amp;More prompts, one a line</source>
        <translation>다른 프롬프트, 한 줄에 하나(&amp;M)</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="44" />
        <source>More prompts, one a line</source>
        <translation>다른 프롬프트, 한 줄에 하나</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="45" />
        <source>Each is drawn with every seed</source>
        <translation>프롬프트마다 모든 시드로 그립니다</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="91" />
        <source>&amp;Pictures</source>
        <translation>그림(&amp;P)</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="93" />
        <source>Seeds to show</source>
        <translation>보일 시드</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="93" />
        <source>Pictures to draw from</source>
        <translation>바탕 그림</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="96" />
        <source>Begin anew with the picture of the main window</source>
        <translation>주 창의 그림으로 다시 시작합니다</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="98" />
        <source>Begin anew with the prompt and seed of the main window</source>
        <translation>주 창의 프롬프트와 시드로 새로 시작합니다</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="111" />
        <source>this seed</source>
        <translation>이 시드</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="112" />
        <source>four seeds from this one</source>
        <translation>이 시드부터 네 개</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="113" />
        <source>eight seeds from this one</source>
        <translation>이 시드부터 여덟 개</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="114" />
        <source>the seeds of the strip</source>
        <translation>띠에 있는 시드</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="115" />
        <source>the pins</source>
        <translation>고정한 것</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="120" />
        <source>what is drawn from now</source>
        <translation>지금의 바탕 그림</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="121" />
        <source>that and the samples</source>
        <translation>지금 것과 예제 그림</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="122" />
        <source>that and what was opened last</source>
        <translation>지금 것과 최근에 연 그림</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="169" />
        <source>{n} pictures are too many; at most {most} of this size fit. Choose fewer variants or rows.</source>
        <translation>그림 {n}장은 너무 많습니다. 이 크기로는 {most}장까지 됩니다. 변형이나 줄을 줄이세요.</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="35" />
        <source>Draw the present picture</source>
        <translation>지금 그림으로 그리기</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="100" />
        <source>Begin anew with the seed and sliders of the main window</source>
        <translation>주 창의 시드와 슬라이더로 새로 시작합니다</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="62" />
        <source>&amp;Variants</source>
        <translation>변형(&amp;V)</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="91" />
        <source>&amp;Seeds</source>
        <translation>시드(&amp;S)</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="173" />
        <source>Pin pictures (P) to see them here.</source>
        <translation>그림을 고정(P)하면 여기에 보입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="175" />
        <source>Tick the variants to see beside each other.</source>
        <translation>나란히 볼 변형에 표시하세요.</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/choosing.py" line="178" />
        <source>Click a picture to have it on side B. The wheel zooms, with Shift it scrolls.</source>
        <translation>그림을 누르면 B쪽에 보입니다. 휠로 확대하고, Shift와 함께 쓰면 밀어 봅니다.</translation>
    </message>
</context>
<context>
    <name>GridDialog</name>
    <message>
        <location filename="../../widgets/grid/dialog.py" line="78" />
        <source>Grid of variants</source>
        <translation>변형 모아 보기</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/dialog.py" line="108" />
        <location filename="../../widgets/grid/dialog.py" line="341" />
        <source>Stop</source>
        <translation>멈춤</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/dialog.py" line="110" />
        <source>Fit</source>
        <translation>맞춤</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/dialog.py" line="111" />
        <source>Show whole pictures (F); the wheel zooms into all alike</source>
        <translation>그림 전체를 보입니다(F). 휠로 모두 똑같이 확대합니다</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/dialog.py" line="113" />
        <source>Save as one picture…</source>
        <translation>그림 한 장으로 저장…</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/dialog.py" line="115" />
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/dialog.py" line="328" />
        <source>Pictures: {n}</source>
        <translation>그림 {n}장</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/dialog.py" line="330" />
        <source>Stopped at {n} of {all}</source>
        <translation>{all}장 중 {n}장에서 멈춤</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/dialog.py" line="332" />
        <source>Waits until the measurement has ended</source>
        <translation>측정이 끝날 때까지 기다립니다</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/dialog.py" line="334" />
        <source>Drawing {n} of {all}</source>
        <translation>{all}장 중 {n}번째 그리는 중</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/dialog.py" line="338" />
        <source>Comparing with full</source>
        <translation>전체와 비교하는 중</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/dialog.py" line="341" />
        <source>Go on</source>
        <translation>계속</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/dialog.py" line="386" />
        <source>Saved as {name}</source>
        <translation>{name}(으)로 저장했습니다</translation>
    </message>
</context>
<context>
    <name>GridPlan</name>
    <message>
        <location filename="../../widgets/grid/plan.py" line="96" />
        <source>current: {name}</source>
        <translation>현재: {name}</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/plan.py" line="163" />
        <source>drawing</source>
        <translation>그린 것</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/plan.py" line="167" />
        <source>seed {seed}</source>
        <translation>시드 {seed}</translation>
    </message>
</context>
<context>
    <name>GridTable</name>
    <message>
        <location filename="../../widgets/grid/table.py" line="67" />
        <source>Pictures: variants beside each other, seeds below</source>
        <translation>그림: 변형은 옆으로, 시드는 아래로</translation>
    </message>
</context>
<context>
    <name>GridWords</name>
    <message>
        <location filename="../../widgets/grid/words.py" line="23" />
        <source>not measured</source>
        <translation>측정 안 함</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/words.py" line="25" />
        <source>{ms} ms at {n} steps, {target}</source>
        <translation>{n}스텝에 {ms} ms, {target}</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/words.py" line="28" />
        <source>{ms} ms, {target}</source>
        <translation>{ms} ms, {target}</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/words.py" line="35" />
        <source>recipe not applied</source>
        <translation>레시피 적용 안 됨</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/words.py" line="45" />
        <source>in float; not compiled for int8</source>
        <translation>부동소수점, int8로 컴파일 안 됨</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/words.py" line="47" />
        <source>reference</source>
        <translation>기준</translation>
    </message>
    <message>
        <location filename="../../widgets/grid/words.py" line="50" />
        <source>FLIP {flip}, {psnr}</source>
        <translation>FLIP {flip}, {psnr}</translation>
    </message>
</context>
<context>
    <name>Handle</name>
    <message>
        <location filename="../../widgets/recipes/handle.py" line="33" />
        <source>Drag to move, or use the up and down keys</source>
        <translation>끌거나 위아래 키로 옮깁니다</translation>
    </message>
</context>
<context>
    <name>JobProgressBar</name>
    <message>
        <location filename="../../widgets/controls/progress.py" line="24" />
        <source>{n} s left</source>
        <translation>{n}초 남음</translation>
    </message>
    <message>
        <location filename="../../widgets/controls/progress.py" line="26" />
        <source>{n} min left</source>
        <translation>{n}분 남음</translation>
    </message>
    <message>
        <location filename="../../widgets/controls/progress.py" line="29" />
        <source>{n} h left</source>
        <translation>{n}시간 남음</translation>
    </message>
    <message>
        <location filename="../../widgets/controls/progress.py" line="120" />
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <location filename="../../widgets/controls/progress.py" line="141" />
        <source>Cancel: {job}</source>
        <translation>취소: {job}</translation>
    </message>
</context>
<context>
    <name>JobRow</name>
    <message>
        <location filename="../../widgets/job_row.py" line="58" />
        <location filename="../../widgets/job_row.py" line="65" />
        <source>{n} more</source>
        <translation>{n}개 더</translation>
    </message>
</context>
<context>
    <name>Jobs</name>
    <message>
        <location filename="../../widgets/jobs.py" line="106" />
        <source>starting</source>
        <translation>시작하는 중</translation>
    </message>
</context>
<context>
    <name>KeysPage</name>
    <message>
        <location filename="../../widgets/preferences/keys_page.py" line="139" />
        <source>Bring the key of “{name}” back</source>
        <translation>“{name}”의 키를 처음대로</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/keys_page.py" line="45" />
        <location filename="../../widgets/preferences/keys_page.py" line="46" />
        <source>Find a command or a key</source>
        <translation>명령이나 키 찾기</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/keys_page.py" line="66" />
        <source>Go to a field and press the new key.</source>
        <translation>칸으로 가서 새 키를 누르세요.</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/keys_page.py" line="131" />
        <source>Key for {command}</source>
        <translation>{command} 키</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/keys_page.py" line="117" />
        <source>{key} belongs to “{name}”; take it away there first.</source>
        <translation>{key} 키는 “{name}”에서 쓰고 있습니다. 먼저 거기에서 빼세요.</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/keys_page.py" line="112" />
        <source>{key} moves about in every window and cannot be given away.</source>
        <translation>{key} 키는 모든 창에서 이동에 쓰이므로 다른 명령에 줄 수 없습니다.</translation>
    </message>
</context>
<context>
    <name>Knobs</name>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="55" />
        <source>steps</source>
        <translation>스텝</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="56" />
        <source>How often the denoiser runs for the finished picture</source>
        <translation>완성 그림을 위해 디노이저를 돌리는 횟수</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="59" />
        <source>draft steps</source>
        <translation>초안 스텝</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="159" />
        <source>How often it runs for the draft, from the same noise; a third of the steps unless you say otherwise</source>
        <translation>초안을 위해 같은 노이즈에서 돌리는 횟수. 따로 정하지 않으면 스텝의 3분의 1입니다</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="62" />
        <source>guidance</source>
        <translation>가이던스</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="65" />
        <source>Scheduler</source>
        <translation>스케줄러</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="67" />
        <source>How a step goes from noise towards the picture; those that suit this model</source>
        <translation>한 스텝이 노이즈에서 그림으로 가는 방법. 이 모델에 맞는 것만 있습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="98" />
        <source>How strongly the prompt counts; this model is told so (distilled guidance)</source>
        <translation>프롬프트를 따르는 세기. 이 모델은 값을 직접 받습니다(증류된 가이던스)</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="101" />
        <source>How strongly the prompt counts; 1 is not at all and twice as fast (classifier-free guidance, Ho and Salimans 2022)</source>
        <translation>프롬프트를 따르는 세기. 1이면 가이던스가 없고 두 배 빠릅니다(classifier-free guidance, Ho and Salimans 2022)</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="108" />
        <source>{name} (for its few steps)</source>
        <translation>{name}(적은 스텝용)</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="109" />
        <source>{name} (its own)</source>
        <translation>{name} (기본)</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="123" />
        <source>1 step</source>
        <translation>1스텝</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="123" />
        <source>{n} steps</source>
        <translation>{n}스텝</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="125" />
        <source>no guidance</source>
        <translation>가이던스 없음</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="127" />
        <source>guidance {value}</source>
        <translation>가이던스 {value}</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="128" />
        <source>For few steps ({technique}): {steps}, {guidance}</source>
        <translation>적은 스텝용 모델입니다({technique}): {steps}, {guidance}</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="134" />
        <source>Recognised as distilled for few steps ({technique}), so these are what it begins with; you may change every one of them</source>
        <translation>적은 스텝으로 증류된 모델({technique})로 알아보아 이 값으로 시작합니다. 모두 바꿀 수 있습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="163" />
        <source>The card Fewer steps says how often it runs</source>
        <translation>스텝 줄이기 카드에서 횟수를 정합니다</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="180" />
        <source>scheduler</source>
        <translation>스케줄러</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="188" />
        <source>Change the steps</source>
        <translation>스텝 바꾸기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="195" />
        <source>Change the steps of the draft</source>
        <translation>초안 스텝 바꾸기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="201" />
        <source>Change the guidance</source>
        <translation>가이던스 바꾸기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="205" />
        <source>Change the scheduler</source>
        <translation>스케줄러 바꾸기</translation>
    </message>
</context>
<context>
    <name>LabelList</name>
    <message>
        <location filename="../../widgets/drawing/labels.py" line="26" />
        <source>Filter</source>
        <translation>거르기</translation>
    </message>
    <message>
        <location filename="../../widgets/drawing/labels.py" line="27" />
        <source>Filter the labels</source>
        <translation>레이블 거르기</translation>
    </message>
    <message>
        <location filename="../../widgets/drawing/labels.py" line="31" />
        <source>Labels</source>
        <translation>레이블</translation>
    </message>
</context>
<context>
    <name>LabelRow</name>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="29" />
        <source>class</source>
        <translation>클래스</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="37" />
        <source>Which class of the training set to draw, 0 to {most}</source>
        <translation>학습 데이터의 어느 클래스를 그릴지, 0~{most}</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/knobs.py" line="43" />
        <source>Change the class</source>
        <translation>클래스 바꾸기</translation>
    </message>
</context>
<context>
    <name>LabelledSlider</name>
    <message>
        <location filename="../../widgets/controls/labelled.py" line="43" />
        <source>{name}, value</source>
        <translation>{name}, 값</translation>
    </message>
    <message>
        <location filename="../../widgets/controls/labelled.py" line="60" />
        <source>Double-click to reset</source>
        <translation>두 번 누르면 처음 값</translation>
    </message>
</context>
<context>
    <name>Labels</name>
    <message>
        <location filename="../../widgets/drawing/colours.py" line="22" />
        <source>class {n}</source>
        <translation>클래스 {n}</translation>
    </message>
</context>
<context>
    <name>LayerTiming</name>
    <message>
        <location filename="../../widgets/layers/timing.py" line="73" />
        <source>Time the layers</source>
        <translation>층별 시간 재기</translation>
    </message>
</context>
<context>
    <name>Layers</name>
    <message>
        <location filename="../../widgets/layers/opening.py" line="51" />
        <source>What is not applied yet cannot be measured.</source>
        <translation>아직 적용하지 않은 것은 측정할 수 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/opening.py" line="55" />
        <source>Its steps differ, so there is no single table of its layers.</source>
        <translation>스텝마다 달라서 층을 표 하나로 보일 수 없습니다.</translation>
    </message>
</context>
<context>
    <name>LayersDialog</name>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="49" />
        <source>Layer by layer</source>
        <translation>층별로 보기</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="65" />
        <source>Filter</source>
        <translation>거르기</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="66" />
        <source>Filter the layers</source>
        <translation>층 거르기</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="67" />
        <source>Rows in which every word occurs, such as: layer int8</source>
        <translation>모든 낱말이 들어 있는 행만 보입니다. 예: layer int8</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="69" />
        <source>Copy the layers as CSV</source>
        <translation>층을 CSV로 복사</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="70" />
        <source>Save the layers as CSV…</source>
        <translation>층을 CSV로 저장…</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="72" />
        <source>Layers and what they take</source>
        <translation>층과 드는 비용</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="75" />
        <source>Time again</source>
        <translation>다시 재기</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="76" />
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="77" />
        <source>Cancel timing the layers</source>
        <translation>층별 시간 재기 취소</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="78" />
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="172" />
        <source>Timing; a drag pauses it.</source>
        <translation>재는 중입니다. 드래그하면 잠시 멈춥니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="174" />
        <source>Nothing is timed yet.</source>
        <translation>아직 잰 것이 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="176" />
        <source>This runtime tells no times of layers.</source>
        <translation>이 런타임은 층별 시간을 알려 주지 않습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="182" />
        <source>{whole} ms a picture. With every layer timed {counted} ms, which the rows add up to.</source>
        <translation>그림 한 장에 {whole} ms. 층마다 재면 {counted} ms이며, 줄을 더한 값입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="187" />
        <source>The mapping network runs before and is not timed.</source>
        <translation>매핑 네트워크는 그 전에 실행되며 재지 않습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="196" />
        <source>{whole} ms a call of the denoiser at {size} px, with and without the prompt at once. With every layer timed {counted} ms, which the rows add up to.</source>
        <translation>디노이저 한 번 호출에 {whole} ms입니다({size} px, 프롬프트가 있는 것과 없는 것을 함께). 층마다 재면 {counted} ms이며, 줄을 더한 값입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="201" />
        <source>{whole} ms a call of the denoiser at {size} px. With every layer timed {counted} ms, which the rows add up to.</source>
        <translation>디노이저 한 번 호출에 {whole} ms입니다({size} px). 층마다 재면 {counted} ms이며, 줄을 더한 값입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="251" />
        <source>layer</source>
        <translation>층</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="253" />
        <source>time</source>
        <translation>시간</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="256" />
        <source>Of all that was executed for this layer, in one run</source>
        <translation>한 번 실행할 때 이 층에서 실행된 모든 것의 시간</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="258" />
        <source>share</source>
        <translation>비율</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="260" />
        <source>MACs</source>
        <translation>MACs</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="263" />
        <source>True multiply-accumulates of one picture, of a pipeline of one call of its denoiser; no measure of speed</source>
        <translation>그림 한 장의 실제 곱셈-누산 수. 파이프라인은 디노이저 호출 한 번의 수입니다. 속도의 척도는 아닙니다</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="267" />
        <source>of MACs</source>
        <translation>MAC 비율</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="268" />
        <source>parameters</source>
        <translation>매개변수</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="270" />
        <source>size</source>
        <translation>크기</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="273" />
        <source>All that the layer holds, as stored in float32</source>
        <translation>층이 담고 있는 모든 것, float32로 저장할 때</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="276" />
        <source>as run</source>
        <translation>실행 크기</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="279" />
        <source>The weights of its convolutions in the precision they run in</source>
        <translation>합성곱 가중치의 크기, 실제로 실행되는 정밀도로</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="282" />
        <source>runs in</source>
        <translation>실행 정밀도</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="284" />
        <source>Executed precision of its convolutions, from the compiled graph</source>
        <translation>컴파일된 그래프에서 읽은, 합성곱이 실제로 실행된 정밀도</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="287" />
        <source>alone in int8</source>
        <translation>홀로 int8</translation>
    </message>
    <message>
        <location filename="../../widgets/layers/dialog.py" line="290" />
        <source>PSNR of the picture with this layer alone in int8; from a scan</source>
        <translation>이 층만 int8일 때 그림의 PSNR. 검사에서 얻은 값</translation>
    </message>
</context>
<context>
    <name>LearningView</name>
    <message>
        <location filename="../../widgets/recipes/learning.py" line="24" />
        <source>Loss</source>
        <translation>손실</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/learning.py" line="25" />
        <source>Loss: how far what it answers is from full, so far</source>
        <translation>손실: 답이 전체와 얼마나 떨어져 있는지, 지금까지의 흐름입니다</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/learning.py" line="27" />
        <source>Pictures that it does not learn from</source>
        <translation>학습에 쓰지 않는 그림입니다</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/learning.py" line="30" />
        <source>Mean difference to what full draws: FLIP from 0 to 1, smaller is nearer</source>
        <translation>전체가 그린 것과의 평균 차이: FLIP은 0에서 1까지이며 작을수록 가깝습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/learning.py" line="55" />
        <source>Step {step}, {minutes} min</source>
        <translation>{step}단계, {minutes}분</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/learning.py" line="60" />
        <source>before</source>
        <translation>전</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/learning.py" line="60" />
        <source>now</source>
        <translation>지금</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/learning.py" line="60" />
        <source>full</source>
        <translation>전체</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/learning.py" line="64" />
        <source>FLIP at first</source>
        <translation>처음 FLIP</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/learning.py" line="64" />
        <source>FLIP now</source>
        <translation>지금 FLIP</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/learning.py" line="64" />
        <source>PSNR now</source>
        <translation>지금 PSNR</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/learning.py" line="67" />
        <source>mean</source>
        <translation>평균</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/learning.py" line="73" />
        <source>equal</source>
        <translation>같음</translation>
    </message>
</context>
<context>
    <name>LeftPanel</name>
    <message>
        <location filename="../../widgets/left_panel.py" line="38" />
        <location filename="../../widgets/left_panel.py" line="139" />
        <source>Seeds</source>
        <translation>시드</translation>
    </message>
    <message>
        <location filename="../../widgets/left_panel.py" line="43" />
        <source>truncation</source>
        <translation>절단</translation>
    </message>
    <message>
        <location filename="../../widgets/left_panel.py" line="49" />
        <source>How far from the average: lower is safer, higher is wilder (truncation psi, Karras et al. 2019)</source>
        <translation>평균에서 얼마나 먼지: 낮으면 무난하고 높으면 대담합니다(truncation psi, Karras 외 2019)</translation>
    </message>
    <message>
        <location filename="../../widgets/left_panel.py" line="54" />
        <source>noise</source>
        <translation>노이즈</translation>
    </message>
    <message>
        <location filename="../../widgets/left_panel.py" line="59" />
        <source>Strength of the fine random detail; 1 is as trained</source>
        <translation>무작위 잔무늬의 세기. 1이면 학습한 그대로</translation>
    </message>
    <message>
        <location filename="../../widgets/left_panel.py" line="62" />
        <location filename="../../widgets/left_panel.py" line="180" />
        <source>Mix two seeds</source>
        <translation>두 시드 섞기</translation>
    </message>
    <message>
        <location filename="../../widgets/left_panel.py" line="181" />
        <source>Mix two seeds ({a} and {b})</source>
        <translation>두 시드 섞기({a}, {b})</translation>
    </message>
    <message>
        <location filename="../../widgets/left_panel.py" line="68" />
        <location filename="../../widgets/left_panel.py" line="80" />
        <source>Pins</source>
        <translation>고정한 것</translation>
    </message>
    <message>
        <location filename="../../widgets/left_panel.py" line="69" />
        <source>Press P to pin what is drawn.</source>
        <translation>P를 누르면 그린 것을 고정합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/left_panel.py" line="71" />
        <source>Walk over the pins</source>
        <translation>고정한 것 사이 걷기</translation>
    </message>
    <message>
        <location filename="../../widgets/left_panel.py" line="128" />
        <source>Earlier seeds</source>
        <translation>앞 시드</translation>
    </message>
    <message>
        <location filename="../../widgets/left_panel.py" line="129" />
        <source>Later seeds</source>
        <translation>뒤 시드</translation>
    </message>
    <message>
        <location filename="../../widgets/left_panel.py" line="188" />
        <source>Change truncation</source>
        <translation>절단 바꾸기</translation>
    </message>
    <message>
        <location filename="../../widgets/left_panel.py" line="191" />
        <source>Change noise</source>
        <translation>노이즈 바꾸기</translation>
    </message>
    <message>
        <location filename="../../widgets/left_panel.py" line="195" />
        <source>Change the seed</source>
        <translation>시드 바꾸기</translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message>
        <location filename="../../widgets/frontier/legend.py" line="46" />
        <source>frontier: beaten by none</source>
        <translation>프런티어: 더 나은 것이 없음</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/legend.py" line="48" />
        <source>live, not measured</source>
        <translation>실시간, 측정 안 함</translation>
    </message>
    <message>
        <location filename="../../widgets/frontier/legend.py" line="50" />
        <source>predicted, not measured</source>
        <translation>예측, 측정 안 함</translation>
    </message>
</context>
<context>
    <name>LimitFields</name>
    <message>
        <location filename="../../widgets/export/limits.py" line="15" />
        <source>FLIP above</source>
        <translation>FLIP이 이보다 클 때</translation>
    </message>
    <message>
        <location filename="../../widgets/export/limits.py" line="17" />
        <source>Highest FLIP</source>
        <translation>가장 큰 FLIP</translation>
    </message>
    <message>
        <location filename="../../widgets/export/limits.py" line="18" />
        <source>PSNR below</source>
        <translation>PSNR이 이보다 작을 때</translation>
    </message>
    <message>
        <location filename="../../widgets/export/limits.py" line="20" />
        <source>Lowest PSNR</source>
        <translation>가장 작은 PSNR</translation>
    </message>
    <message>
        <location filename="../../widgets/export/limits.py" line="22" />
        <source>The exported file itself is compared with full. What is beyond is shipped only when you say so, with the figures before you.</source>
        <translation>내보낸 파일 자체를 전체와 비교합니다. 한도를 넘으면 수치를 보여 드리고, 그래도 좋다고 할 때만 내보냅니다.</translation>
    </message>
</context>
<context>
    <name>LogWindow</name>
    <message>
        <location filename="../../widgets/diagnostics/log_window.py" line="109" />
        <source>&amp;Show</source>
        <translation>보기(&amp;S)</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/log_window.py" line="73" />
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/log_window.py" line="178" />
        <source>Comparison</source>
        <translation>비교</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/log_window.py" line="71" />
        <source>Copy what is selected, or everything shown</source>
        <translation>선택한 부분, 또는 보이는 전부를 복사합니다</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/log_window.py" line="70" />
        <source>Copy</source>
        <translation>복사</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/log_window.py" line="191" />
        <source>Error</source>
        <translation>오류</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/log_window.py" line="56" />
        <source>Errors only</source>
        <translation>오류만</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/log_window.py" line="56" />
        <source>Everything</source>
        <translation>모두</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/log_window.py" line="179" />
        <source>Job</source>
        <translation>작업</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/log_window.py" line="49" />
        <location filename="../../widgets/diagnostics/log_window.py" line="66" />
        <source>Log</source>
        <translation>기록</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/log_window.py" line="167" />
        <source>Nothing has happened yet. What the renderer and the jobs say comes here.</source>
        <translation>아직 아무 일도 없었습니다. 렌더러와 작업이 남기는 말이 여기에 나타납니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/log_window.py" line="169" />
        <source>Nothing of this kind has happened.</source>
        <translation>이런 일은 없었습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/log_window.py" line="177" />
        <source>Renderer</source>
        <translation>렌더러</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/log_window.py" line="72" />
        <source>Show folder</source>
        <translation>폴더 보기</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/log_window.py" line="191" />
        <source>Warning</source>
        <translation>경고</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/log_window.py" line="56" />
        <source>Warnings and errors</source>
        <translation>경고와 오류</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/log_window.py" line="111" />
        <source>Which lines are shown</source>
        <translation>보이는 줄</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/log_window.py" line="176" />
        <source>Window</source>
        <translation>창</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/log_window.py" line="180" />
        <source>Devices</source>
        <translation>장치</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/log_window.py" line="188" />
        <source>Started as process {number}.</source>
        <translation>프로세스 {number}번으로 시작했습니다.</translation>
    </message>
</context>
<context>
    <name>LossCurves</name>
    <message>
        <location filename="../../widgets/gan_compression/curves.py" line="54" />
        <source>Discriminator loss</source>
        <translation>판별자 손실</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/curves.py" line="58" />
        <source>How well the discriminator tells drawn pictures from real ones</source>
        <translation>판별자가 그린 그림과 진짜 그림을 얼마나 잘 가리는지</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <location filename="../../widgets/start.py" line="78" />
        <source>Something went wrong in the window; your work is still here.</source>
        <translation>창에서 문제가 생겼습니다. 작업은 그대로 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.py" line="356" />
        <source>Undo</source>
        <translation>되돌리기</translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.py" line="356" />
        <source>Redo</source>
        <translation>다시 하기</translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.py" line="440" />
        <source>Opening {name}</source>
        <translation>{name} 여는 중</translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.py" line="442" />
        <source>Open a model, or drop one here.</source>
        <translation>모델을 열거나 여기에 놓으세요.</translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.py" line="444" />
        <source>Drawing the first picture</source>
        <translation>첫 그림을 그리는 중</translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.py" line="90" />
        <source>Copy &amp;as command</source>
        <translation>명령으로 복사(&amp;A)</translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.py" line="442" />
        <source>Open…</source>
        <translation>열기…</translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.py" line="447" />
        <source>Show on side {side}</source>
        <translation>{side}쪽에 보이기</translation>
    </message>
</context>
<context>
    <name>MaskBrush</name>
    <message>
        <location filename="../../widgets/diffusion/mask.py" line="82" />
        <source>Brush</source>
        <translation>붓</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/mask.py" line="82" />
        <source>Mark what is drawn anew</source>
        <translation>새로 그릴 곳 칠하기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/mask.py" line="83" />
        <source>Eraser</source>
        <translation>지우개</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/mask.py" line="83" />
        <source>Mark what stays</source>
        <translation>그대로 둘 곳 표시하기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/mask.py" line="84" />
        <source>Fill</source>
        <translation>채우기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/mask.py" line="84" />
        <source>Mark the area that is clicked</source>
        <translation>클릭한 영역 칠하기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/mask.py" line="91" />
        <source>Clear</source>
        <translation>비우기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/mask.py" line="91" />
        <source>Draw all of it anew</source>
        <translation>전부 새로 그리기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/mask.py" line="94" />
        <source>brush</source>
        <translation>붓</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/mask.py" line="94" />
        <source>px</source>
        <translation>px</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/mask.py" line="95" />
        <source>Width of the brush in pixels of the picture</source>
        <translation>붓 너비(그림의 픽셀)</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/mask.py" line="123" />
        <source>All of it is drawn anew. Brush over a part to keep the rest.</source>
        <translation>전부 새로 그립니다. 일부만 칠하면 나머지는 그대로 둡니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/mask.py" line="125" />
        <source>What is red is drawn anew; the rest stays.</source>
        <translation>빨간 곳만 새로 그리고 나머지는 그대로 둡니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/mask.py" line="136" />
        <source>Clear the mask</source>
        <translation>마스크 비우기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/mask.py" line="143" />
        <source>Mark</source>
        <translation>칠하기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/mask.py" line="144" />
        <source>Erase the mask</source>
        <translation>마스크 지우기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/mask.py" line="145" />
        <source>Fill the mask</source>
        <translation>마스크 채우기</translation>
    </message>
</context>
<context>
    <name>MaskPad</name>
    <message>
        <location filename="../../widgets/diffusion/mask.py" line="30" />
        <source>Picture with its mask</source>
        <translation>그림과 마스크</translation>
    </message>
</context>
<context>
    <name>Measuring</name>
    <message>
        <location filename="../../widgets/measuring.py" line="153" />
        <source>Measure</source>
        <translation>측정</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <location filename="../../widgets/menus.py" line="29" />
        <source>&amp;File</source>
        <translation>파일(&amp;F)</translation>
    </message>
    <message>
        <location filename="../../widgets/menus.py" line="49" />
        <source>&amp;Edit</source>
        <translation>편집(&amp;E)</translation>
    </message>
    <message>
        <location filename="../../widgets/menus.py" line="76" />
        <source>&amp;View</source>
        <translation>보기(&amp;V)</translation>
    </message>
    <message>
        <location filename="../../widgets/menus.py" line="94" />
        <source>&amp;Help</source>
        <translation>도움말(&amp;H)</translation>
    </message>
</context>
<context>
    <name>Mixing</name>
    <message>
        <location filename="../../widgets/mixing.py" line="63" />
        <source>Stages from seed B</source>
        <translation>시드 B에서 오는 단계</translation>
    </message>
    <message>
        <location filename="../../widgets/mixing.py" line="66" />
        <source>Which stages take their style from B: coarse ones pose and shape, fine ones colour and detail (style mixing, Karras et al. 2019, section 3.1)</source>
        <translation>어느 단계의 스타일을 B에서 가져올지. 큰 틀은 자세와 모양, 세부는 색과 무늬입니다(스타일 섞기, Karras 외 2019, 3.1절)</translation>
    </message>
    <message>
        <location filename="../../widgets/mixing.py" line="77" />
        <source>Coarse</source>
        <translation>큰 틀</translation>
    </message>
    <message>
        <location filename="../../widgets/mixing.py" line="78" />
        <source>Middle</source>
        <translation>중간</translation>
    </message>
    <message>
        <location filename="../../widgets/mixing.py" line="79" />
        <source>Fine</source>
        <translation>세부</translation>
    </message>
    <message>
        <location filename="../../widgets/mixing.py" line="83" />
        <source>None</source>
        <translation>없음</translation>
    </message>
    <message>
        <location filename="../../widgets/mixing.py" line="85" />
        <source>Mix nothing: every stage from A</source>
        <translation>섞지 않음: 모든 단계를 A에서</translation>
    </message>
    <message>
        <location filename="../../widgets/mixing.py" line="116" />
        <source>B for {pixels} px, A for the rest</source>
        <translation>{pixels} px는 B, 나머지는 A</translation>
    </message>
    <message>
        <location filename="../../widgets/mixing.py" line="135" />
        <source>Change the second seed</source>
        <translation>두 번째 시드 바꾸기</translation>
    </message>
    <message>
        <location filename="../../widgets/mixing.py" line="162" />
        <location filename="../../widgets/mixing.py" line="170" />
        <source>Mix two seeds</source>
        <translation>두 시드 섞기</translation>
    </message>
    <message>
        <location filename="../../widgets/mixing.py" line="162" />
        <source>Stop mixing</source>
        <translation>섞기 그만두기</translation>
    </message>
</context>
<context>
    <name>NotYet</name>
    <message>
        <location filename="../../widgets/family_words.py" line="26" />
        <source>This model draws from a picture: it has no seeds.</source>
        <translation>이 모델은 그림을 보고 그리므로 시드가 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/family_words.py" line="27" />
        <source>Pins keep seeds, and this model draws from a picture.</source>
        <translation>핀은 시드를 간직하는데, 이 모델은 그림을 보고 그립니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/family_words.py" line="32" />
        <location filename="../../widgets/family_words.py" line="33" />
        <source>A walk goes from seed to seed; this model has none.</source>
        <translation>산책은 시드에서 시드로 가는데, 이 모델에는 시드가 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/family_words.py" line="34" />
        <source>The blind test draws a new seed each time; this model draws one picture.</source>
        <translation>블라인드 테스트는 매번 새 시드를 그립니다. 이 모델은 그림 하나를 그립니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/family_words.py" line="37" />
        <source>Make elastic is for StyleGANs; GAN Compression trains supernets of pictures.</source>
        <translation>탄력적으로 만들기는 StyleGAN용입니다. 그림 모델의 슈퍼넷은 GAN 압축이 학습합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/family_words.py" line="40" />
        <source>The command line needs a picture as a file.</source>
        <translation>명령줄에는 파일로 된 그림이 필요합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/family_words.py" line="41" />
        <source>Comparisons by command are for StyleGANs so far.</source>
        <translation>명령으로 하는 비교는 아직 StyleGAN만 됩니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/family_words.py" line="52" />
        <source>The command line has this for StyleGANs alone.</source>
        <translation>이 명령은 StyleGAN에만 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/family_words.py" line="53" />
        <source>Pipelines are folders already; maquette compress writes their variants.</source>
        <translation>파이프라인은 이미 폴더입니다. 변형은 maquette compress로 저장합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/family_words.py" line="47" />
        <source>Walks go through StyleGANs; pipelines have none yet.</source>
        <translation>걷기는 StyleGAN에만 있습니다. 파이프라인에는 아직 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/family_words.py" line="51" />
        <source>Make elastic is for StyleGANs.</source>
        <translation>탄력적으로 만들기는 StyleGAN용입니다.</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <location filename="../../widgets/controls/notice.py" line="59" />
        <location filename="../../widgets/controls/notice.py" line="60" />
        <source>Dismiss</source>
        <translation>닫기</translation>
    </message>
    <message>
        <location filename="../../widgets/controls/notice.py" line="62" />
        <location filename="../../widgets/controls/notice.py" line="65" />
        <source>Details</source>
        <translation>자세히</translation>
    </message>
    <message>
        <location filename="../../widgets/controls/notice.py" line="127" />
        <source>Note</source>
        <translation>알림</translation>
    </message>
    <message>
        <location filename="../../widgets/controls/notice.py" line="128" />
        <source>Warning</source>
        <translation>주의</translation>
    </message>
    <message>
        <location filename="../../widgets/controls/notice.py" line="129" />
        <source>Error</source>
        <translation>오류</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <location filename="../../widgets/notices.py" line="81" />
        <source>Saved as {name}</source>
        <translation>{name}(으)로 저장했습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/notices.py" line="82" />
        <source>Show in folder</source>
        <translation>폴더에서 보기</translation>
    </message>
    <message>
        <location filename="../../widgets/notices.py" line="115" />
        <source>The renderer stopped and is being started again; nothing is lost.</source>
        <translation>렌더러가 멈춰 다시 시작하는 중입니다. 잃은 것은 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/notices.py" line="122" />
        <source>The renderer stopped and was started again; nothing was lost.</source>
        <translation>렌더러가 멈췄다가 다시 시작했습니다. 잃은 것은 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/notices.py" line="128" />
        <source>The renderer does not start.</source>
        <translation>렌더러가 시작되지 않습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/notices.py" line="131" />
        <source>Try again</source>
        <translation>다시 시도</translation>
    </message>
    <message>
        <location filename="../../widgets/notices.py" line="104" />
        <source>Maquette did not close properly last time; your work is kept.</source>
        <translation>지난번에 Maquette가 제대로 닫히지 않았습니다. 작업은 보관되어 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/notices.py" line="87" />
        <source>Maquette did not close properly last time; your work was restored.</source>
        <translation>지난번에 Maquette가 제대로 닫히지 않았습니다. 작업을 되살렸습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/notices.py" line="89" />
        <source>More of it is under File, Unsaved work.</source>
        <translation>나머지는 파일 &gt; 저장하지 않은 작업에 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/notices.py" line="92" />
        <source>Not now</source>
        <translation>나중에</translation>
    </message>
    <message>
        <location filename="../../widgets/notices.py" line="98" />
        <location filename="../../widgets/notices.py" line="106" />
        <source>Show</source>
        <translation>보기</translation>
    </message>
    <message>
        <location filename="../../widgets/notices.py" line="97" />
        <source>The work is kept under File, Unsaved work.</source>
        <translation>작업은 파일 &gt; 저장하지 않은 작업에 보관되어 있습니다.</translation>
    </message>
</context>
<context>
    <name>NumberTable</name>
    <message>
        <location filename="../../widgets/controls/table.py" line="194" />
        <source>Table</source>
        <translation>표</translation>
    </message>
</context>
<context>
    <name>Opening</name>
    <message>
        <location filename="../../widgets/opening.py" line="203" />
        <source>Open {name}</source>
        <translation>{name} 열기</translation>
    </message>
    <message>
        <location filename="../../widgets/opening.py" line="230" />
        <source>Sort channels of {name}</source>
        <translation>{name} 채널 정렬</translation>
    </message>
</context>
<context>
    <name>Pad</name>
    <message>
        <location filename="../../widgets/drawing/pad.py" line="64" />
        <source>Drawing pad</source>
        <translation>그림판</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <location filename="../../widgets/recipes/palette.py" line="52" />
        <source>Search</source>
        <translation>검색</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/palette.py" line="53" />
        <source>Search techniques</source>
        <translation>기법 검색</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/palette.py" line="56" />
        <source>Techniques</source>
        <translation>기법</translation>
    </message>
</context>
<context>
    <name>PathField</name>
    <message>
        <location filename="../../widgets/gan_compression/inputs.py" line="97" />
        <source>Choose…</source>
        <translation>고르기…</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/inputs.py" line="121" />
        <source>Choose: {name}</source>
        <translation>고르기: {name}</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/inputs.py" line="131" />
        <source>Models (*.safetensors *.pt *.pth)</source>
        <translation>모델 (*.safetensors *.pt *.pth)</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/inputs.py" line="132" />
        <source>All files (*)</source>
        <translation>모든 파일 (*)</translation>
    </message>
</context>
<context>
    <name>PicturePanel</name>
    <message>
        <location filename="../../widgets/translation/picture_panel.py" line="89" />
        <source>Open…</source>
        <translation>열기…</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/picture_panel.py" line="90" />
        <source>Open a picture file; it can also be dropped on the window</source>
        <translation>그림 파일을 엽니다. 창에 끌어다 놓아도 됩니다</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/picture_panel.py" line="94" />
        <source>Paste</source>
        <translation>붙여넣기</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/picture_panel.py" line="94" />
        <source>Take the picture on the clipboard</source>
        <translation>클립보드의 그림을 가져옵니다</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/picture_panel.py" line="98" />
        <source>Recent pictures and samples</source>
        <translation>최근 그림과 예시</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/picture_panel.py" line="99" />
        <source>Pictures that you open appear here.</source>
        <translation>연 그림이 여기에 나타납니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/picture_panel.py" line="108" />
        <source>Recent and samples</source>
        <translation>최근 그림과 예시</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/picture_panel.py" line="114" />
        <source>Folder…</source>
        <translation>폴더…</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/picture_panel.py" line="115" />
        <source>Draw every picture of a folder into another one</source>
        <translation>폴더의 모든 그림으로 그려 다른 폴더에 저장합니다</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/picture_panel.py" line="119" />
        <source>With the current subnet…</source>
        <translation>현재 서브넷으로…</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/picture_panel.py" line="120" />
        <source>With full…</source>
        <translation>전체로…</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/picture_panel.py" line="146" />
        <source>Open a picture, paste one, or drop one here.</source>
        <translation>그림을 열거나 붙여넣거나 여기에 놓으세요.</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/picture_panel.py" line="149" />
        <source>{name}, {size} px</source>
        <translation>{name}, {size} px</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/picture_panel.py" line="151" />
        <source>This picture cannot be shown.</source>
        <translation>이 그림은 보여 줄 수 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/picture_panel.py" line="162" />
        <source>lines {n}</source>
        <translation>선화 {n}</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/picture_panel.py" line="163" />
        <source>clay {n}</source>
        <translation>점토 {n}</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/picture_panel.py" line="164" />
        <source>labels {n}</source>
        <translation>레이블 {n}</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/picture_panel.py" line="224" />
        <source>There is no picture on the clipboard.</source>
        <translation>클립보드에 그림이 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/picture_panel.py" line="228" />
        <source>This model takes a label map, and the clipboard holds colours.</source>
        <translation>이 모델은 레이블 맵을 받는데, 클립보드에는 색 그림이 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/picture_panel.py" line="231" />
        <source>clipboard</source>
        <translation>클립보드</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/picture_panel.py" line="241" />
        <source>Draw from {name}</source>
        <translation>{name}(으)로 그리기</translation>
    </message>
</context>
<context>
    <name>PicturePart</name>
    <message>
        <location filename="../../widgets/diffusion/picture.py" line="41" />
        <location filename="../../widgets/diffusion/picture.py" line="88" />
        <source>Draw from a picture</source>
        <translation>그림에서 그리기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/picture.py" line="52" />
        <source>Open…</source>
        <translation>열기…</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/picture.py" line="52" />
        <source>Open a picture file</source>
        <translation>그림 파일 열기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/picture.py" line="55" />
        <source>Paste</source>
        <translation>붙여넣기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/picture.py" line="55" />
        <source>Take the picture on the clipboard</source>
        <translation>클립보드의 그림 가져오기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/picture.py" line="58" />
        <source>Remove</source>
        <translation>빼기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/picture.py" line="58" />
        <source>Draw from noise alone</source>
        <translation>노이즈에서만 그리기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/picture.py" line="61" />
        <source>strength</source>
        <translation>강도</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/picture.py" line="63" />
        <source>How much of the picture is drawn anew: 1 keeps nothing of it (SDEdit, Meng et al. 2022)</source>
        <translation>그림을 얼마나 새로 그릴지. 1이면 아무것도 남지 않습니다(SDEdit, Meng et al. 2022)</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/picture.py" line="86" />
        <source>Draw from a picture, or a part of one</source>
        <translation>그림이나 그 일부에서 그리기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/picture.py" line="119" />
        <source>Open a picture, paste one, or drop one here, to draw from it.</source>
        <translation>그림을 열거나 붙여넣거나 여기에 놓으면 그 그림에서 그립니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/picture.py" line="125" />
        <source>{name}, {size} px</source>
        <translation>{name}, {size} px</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/picture.py" line="127" />
        <source>This picture cannot be shown.</source>
        <translation>이 그림은 보여 줄 수 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/picture.py" line="159" />
        <source>There is no picture on the clipboard.</source>
        <translation>클립보드에 그림이 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/picture.py" line="161" />
        <source>clipboard</source>
        <translation>클립보드</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/picture.py" line="165" />
        <source>Remove the picture</source>
        <translation>그림 빼기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/picture.py" line="168" />
        <source>Draw from {name}</source>
        <translation>{name}에서 그리기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/picture.py" line="177" />
        <source>Change the strength</source>
        <translation>강도 바꾸기</translation>
    </message>
</context>
<context>
    <name>PictureStrip</name>
    <message>
        <location filename="../../widgets/controls/strip.py" line="48" />
        <source>Pictures</source>
        <translation>그림</translation>
    </message>
</context>
<context>
    <name>Pictures</name>
    <message>
        <location filename="../../widgets/translation/pictures.py" line="56" />
        <source>{name} is no picture that can be read; PNG, JPEG, WebP, BMP and TIFF can.</source>
        <translation>{name}은(는) 읽을 수 있는 그림이 아닙니다. PNG, JPEG, WebP, BMP, TIFF를 읽습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/pictures.py" line="64" />
        <source>{name} is a picture in colours; this model takes a label map, one number a pixel (grey values or palette indices).</source>
        <translation>{name}은(는) 색 그림입니다. 이 모델은 픽셀마다 숫자 하나인 레이블 맵(회색 값이나 팔레트 번호)을 받습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/pictures.py" line="82" />
        <source>{name} is too large for a label map.</source>
        <translation>{name}은(는) 레이블 맵으로 쓰기에 너무 큽니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/pictures.py" line="91" />
        <source>{name} cannot be read: {why}</source>
        <translation>{name}을(를) 읽을 수 없습니다: {why}</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/pictures.py" line="102" />
        <source>There is no picture in {name}.</source>
        <translation>{name}에 그림이 없습니다.</translation>
    </message>
</context>
<context>
    <name>Preferences</name>
    <message>
        <location filename="../../widgets/preferences/opening.py" line="54" />
        <source>The language changes when Maquette is started again.</source>
        <translation>언어는 Maquette를 다시 시작하면 바뀝니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/opening.py" line="50" />
        <source>The renderer starts again; nothing is lost.</source>
        <translation>렌더러를 다시 시작합니다. 잃는 것은 없습니다.</translation>
    </message>
</context>
<context>
    <name>PreferencesDialog</name>
    <message>
        <location filename="../../widgets/preferences/dialog.py" line="82" />
        <source>Bring all back</source>
        <translation>모두 처음대로</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/dialog.py" line="79" />
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/dialog.py" line="84" />
        <source>Fill this page with what a newcomer has</source>
        <translation>이 페이지를 처음 값으로 채웁니다</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/dialog.py" line="67" />
        <source>General</source>
        <translation>일반</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/dialog.py" line="69" />
        <source>Measuring</source>
        <translation>측정</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/dialog.py" line="70" />
        <source>Keys</source>
        <translation>키</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/dialog.py" line="77" />
        <source>OK</source>
        <translation>확인</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/dialog.py" line="58" />
        <source>Preferences</source>
        <translation>환경 설정</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/dialog.py" line="68" />
        <source>Speed and cache</source>
        <translation>속도와 캐시</translation>
    </message>
</context>
<context>
    <name>ProgressPage</name>
    <message>
        <location filename="../../widgets/export/pages.py" line="31" />
        <source>What stands in the folder stays as it is until the new bundle is whole.</source>
        <translation>새 번들이 온전히 만들어질 때까지 폴더에 있는 것은 그대로입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/export/pages.py" line="34" />
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <location filename="../../widgets/export/pages.py" line="52" />
        <source>starting</source>
        <translation>시작하는 중</translation>
    </message>
</context>
<context>
    <name>Prompt</name>
    <message>
        <location filename="../../widgets/diffusion/prompt.py" line="104" />
        <source>A text encoder reads parts of words (tokens), so many of them and no more. Numbers and rare words have many parts.</source>
        <translation>텍스트 인코더는 낱말 조각(토큰)을 정해진 수만큼만 읽습니다. 숫자나 드문 낱말은 조각이 많습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/prompt.py" line="118" />
        <source>Counting the parts of words…</source>
        <translation>낱말 조각을 세는 중…</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/prompt.py" line="120" />
        <source>{n} of {limit} parts of words: the end is not read</source>
        <translation>낱말 조각 {limit}개 중 {n}개: 끝부분은 읽지 않습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/prompt.py" line="124" />
        <source>{n} of {limit} parts of words</source>
        <translation>낱말 조각 {limit}개 중 {n}개</translation>
    </message>
</context>
<context>
    <name>QuestionPage</name>
    <message>
        <location filename="../../widgets/export/pages.py" line="130" />
        <source>file</source>
        <translation>파일</translation>
    </message>
    <message>
        <location filename="../../widgets/export/pages.py" line="134" />
        <source>beyond the limit</source>
        <translation>한도를 넘은 것</translation>
    </message>
    <message>
        <location filename="../../widgets/export/pages.py" line="138" />
        <source>Files beyond the limits</source>
        <translation>한도를 넘은 파일</translation>
    </message>
    <message>
        <location filename="../../widgets/export/pages.py" line="140" />
        <source>Keep nothing</source>
        <translation>아무것도 남기지 않기</translation>
    </message>
    <message>
        <location filename="../../widgets/export/pages.py" line="142" />
        <source>Ship it all the same</source>
        <translation>그래도 내보내기</translation>
    </message>
    <message>
        <location filename="../../widgets/export/pages.py" line="162" />
        <source>{n} files are further from full than you allowed.</source>
        <translation>파일 {n}개가 정한 한도보다 전체에서 멉니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/export/pages.py" line="164" />
        <source>1 file is further from full than you allowed.</source>
        <translation>파일 1개가 정한 한도보다 전체에서 멉니다.</translation>
    </message>
</context>
<context>
    <name>Questions</name>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="18" />
        <source>How often does it double its picture?</source>
        <translation>그림을 몇 번 두 배로 키우나요?</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="21" />
        <source>six times (“more”)</source>
        <translation>여섯 번(“more”)</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="22" />
        <source>five times (“normal”)</source>
        <translation>다섯 번(“normal”)</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="24" />
        <source>GAN Compression's generators double six times; the tensors are the same for five</source>
        <translation>GAN Compression의 생성기는 여섯 번 키우며, 다섯 번이어도 텐서는 같습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="29" />
        <source>Is there a norm inside the separable convolutions of its SPADE layers?</source>
        <translation>SPADE 레이어의 분리 합성곱 안에 정규화가 있나요?</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="32" />
        <source>instance norm</source>
        <translation>인스턴스 정규화</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="33" />
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="35" />
        <source>it is GAN Compression's default, and an instance norm leaves no tensors in a file</source>
        <translation>GAN Compression의 기본값이고, 인스턴스 정규화는 파일에 텐서를 남기지 않습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="40" />
        <source>What is the last channel of its label map?</source>
        <translation>레이블 맵의 마지막 채널은 무엇인가요?</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="43" />
        <source>one more label</source>
        <translation>레이블 하나 더</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="44" />
        <source>edges between instances</source>
        <translation>개체 사이의 경계</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="45" />
        <source>36 channels are the 35 labels of Cityscapes and edges</source>
        <translation>채널 36개는 Cityscapes의 레이블 35개와 경계입니다</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="48" />
        <source>184 channels are the 183 labels of COCO-Stuff and edges</source>
        <translation>채널 184개는 COCO-Stuff의 레이블 183개와 경계입니다</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="51" />
        <source>151 channels are the labels of ADE20K, which has no instances</source>
        <translation>채널 151개는 개체가 없는 ADE20K의 레이블입니다</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="54" />
        <source>a label map alone is enough to draw then</source>
        <translation>그러면 레이블 맵만으로 그릴 수 있습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="57" />
        <source>Does it limit its input to [-1, 1] first?</source>
        <translation>먼저 입력을 [-1, 1]로 제한하나요?</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="60" />
        <source>yes</source>
        <translation>예</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="61" />
        <source>no</source>
        <translation>아니요</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="62" />
        <source>CycleGAN and pix2pix do not clamp</source>
        <translation>CycleGAN과 pix2pix는 제한하지 않습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="65" />
        <source>GAN Compression's plain ResNets clamp</source>
        <translation>GAN Compression의 일반 ResNet은 제한합니다</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="68" />
        <source>GAN Compression's MobileNet-style networks do not, supernets do</source>
        <translation>GAN Compression의 MobileNet식 네트워크는 제한하지 않고, 슈퍼넷은 제한합니다</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="71" />
        <source>its stages differ in width, and exported subnets clamp</source>
        <translation>단계마다 너비가 다르고, 내보낸 서브넷은 제한합니다</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="74" />
        <source>How large were its pictures in training (width x height)?</source>
        <translation>학습할 때 그림의 크기는 얼마였나요(너비 x 높이)?</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="77" />
        <source>most of these networks were trained so</source>
        <translation>이런 네트워크는 대부분 그렇게 학습했습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="80" />
        <source>that is usual for its number of labels</source>
        <translation>이 레이블 수에서는 그것이 보통입니다</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/question_words.py" line="83" />
        <source>its innermost layer is then one pixel, as in pix2pix</source>
        <translation>그러면 pix2pix처럼 가장 안쪽 레이어가 1픽셀이 됩니다</translation>
    </message>
</context>
<context>
    <name>RangeForm</name>
    <message>
        <location filename="../../widgets/sweep/ranges.py" line="37" />
        <source>The least value</source>
        <translation>가장 작은 값</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/ranges.py" line="38" />
        <source>The largest value</source>
        <translation>가장 큰 값</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/ranges.py" line="43" />
        <source>Number of values</source>
        <translation>값의 개수</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/ranges.py" line="51" />
        <source>to</source>
        <translation>~</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/ranges.py" line="52" />
        <source>&amp;From</source>
        <translation>범위(&amp;F)</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/ranges.py" line="55" />
        <source>&amp;Number of values</source>
        <translation>값의 개수(&amp;N)</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/ranges.py" line="57" />
        <source>Values</source>
        <translation>값</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/ranges.py" line="86" />
        <source>on</source>
        <translation>켬</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/ranges.py" line="86" />
        <source>off</source>
        <translation>끔</translation>
    </message>
</context>
<context>
    <name>RecentMenu</name>
    <message>
        <location filename="../../widgets/recent_menu.py" line="23" />
        <source>Open &amp;recent</source>
        <translation>최근 파일(&amp;R)</translation>
    </message>
    <message>
        <location filename="../../widgets/recent_menu.py" line="37" />
        <source>Where you left off</source>
        <translation>지난번 하던 것</translation>
    </message>
    <message>
        <location filename="../../widgets/recent_menu.py" line="43" />
        <source>What you open appears here</source>
        <translation>연 파일이 여기에 나타납니다</translation>
    </message>
</context>
<context>
    <name>Recipe</name>
    <message>
        <location filename="../../widgets/recipes/techniques.py" line="124" />
        <location filename="../../widgets/recipes/techniques.py" line="163" />
        <source>Recalibrate norms</source>
        <translation>정규화 다시 맞추기</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/techniques.py" line="126" />
        <location filename="../../widgets/recipes/techniques.py" line="174" />
        <source>Sort channels</source>
        <translation>채널 정렬</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/techniques.py" line="157" />
        <source>From the package {package}. Choosing it lets that run.</source>
        <translation>패키지 {package}에 들어 있습니다. 고르면 그 코드를 실행합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/techniques.py" line="160" />
        <source>It cannot be loaded: {problem}</source>
        <translation>불러올 수 없습니다: {problem}</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/techniques.py" line="164" />
        <source>Take the statistics of batch norms anew, for the current subnet.</source>
        <translation>현재 서브넷에 맞게 배치 정규화의 통계를 새로 얻습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/techniques.py" line="168" />
        <source>The norms of this model keep no statistics.</source>
        <translation>이 모델의 정규화에는 통계가 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/techniques.py" line="171" />
        <source>The sliders above cut the width of a pipeline.</source>
        <translation>파이프라인의 너비는 위의 슬라이더로 자릅니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/techniques.py" line="175" />
        <source>Order channels by importance; full stays the same.</source>
        <translation>채널을 중요한 순서로 정렬합니다. 전체 그림은 그대로입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/techniques.py" line="177" />
        <source>The channels of this model are in order already.</source>
        <translation>이 모델의 채널은 이미 정렬되어 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/techniques.py" line="180" />
        <source>The denoiser of this model is in order already.</source>
        <translation>이 모델의 디노이저는 이미 정렬되어 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/techniques.py" line="183" />
        <source>It is on.</source>
        <translation>켜져 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/techniques.py" line="185" />
        <source>It is in the recipe.</source>
        <translation>레시피에 이미 있습니다.</translation>
    </message>
</context>
<context>
    <name>RecipeEditing</name>
    <message>
        <location filename="../../widgets/recipes/editing.py" line="76" />
        <location filename="../../widgets/recipes/editing.py" line="93" />
        <source>Add {name}</source>
        <translation>{name} 추가</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/editing.py" line="138" />
        <source>Remove a step</source>
        <translation>단계 제거</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/editing.py" line="144" />
        <source>Switch a step on</source>
        <translation>단계 켜기</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/editing.py" line="144" />
        <source>Switch a step off</source>
        <translation>단계 끄기</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/editing.py" line="151" />
        <source>Change {name}</source>
        <translation>{name} 바꾸기</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/editing.py" line="161" />
        <source>Reset a step</source>
        <translation>단계 초기화</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/editing.py" line="178" />
        <source>Move a step</source>
        <translation>단계 옮기기</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/editing.py" line="223" />
        <source>Change where the network is cut</source>
        <translation>자르는 순서 바꾸기</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/editing.py" line="287" />
        <source>Paste a recipe</source>
        <translation>레시피 붙여넣기</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/editing.py" line="297" />
        <source>Use the recipe {name}</source>
        <translation>레시피 {name} 사용</translation>
    </message>
</context>
<context>
    <name>RecipeHeader</name>
    <message>
        <location filename="../../widgets/recipes/header.py" line="34" />
        <source>Copy recipe</source>
        <translation>레시피 복사</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/header.py" line="35" />
        <source>Paste recipe</source>
        <translation>레시피 붙여넣기</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/header.py" line="37" />
        <source>Open recipe…</source>
        <translation>레시피 열기…</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/header.py" line="38" />
        <source>Save recipe…</source>
        <translation>레시피 저장…</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/header.py" line="40" />
        <source>Recipe</source>
        <translation>레시피</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/header.py" line="42" />
        <source>Presets, copy and paste, files</source>
        <translation>프리셋, 복사와 붙여넣기, 파일</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/header.py" line="43" />
        <source>Recipe: presets, copy and paste, files</source>
        <translation>레시피: 프리셋, 복사와 붙여넣기, 파일</translation>
    </message>
</context>
<context>
    <name>RecipePresets</name>
    <message>
        <location filename="../../widgets/recipes/header.py" line="74" />
        <source>Draft</source>
        <translation>초안</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/header.py" line="75" />
        <source>Small and fast, to play with</source>
        <translation>가지고 놀기 좋게 작고 빠르게</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/header.py" line="78" />
        <source>Balanced</source>
        <translation>균형</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/header.py" line="79" />
        <source>Between speed and likeness</source>
        <translation>속도와 닮음의 중간</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/header.py" line="82" />
        <source>Faithful</source>
        <translation>충실</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/header.py" line="83" />
        <source>Near to full</source>
        <translation>전체에 가깝게</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/header.py" line="86" />
        <source>Pruned</source>
        <translation>가지치기</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/header.py" line="87" />
        <source>Without what matters least</source>
        <translation>가장 덜 중요한 것을 뺀 것</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/header.py" line="90" />
        <source>Low rank</source>
        <translation>낮은 랭크</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/header.py" line="91" />
        <source>Layers as chains of smaller ones</source>
        <translation>층을 더 작은 층의 사슬로</translation>
    </message>
</context>
<context>
    <name>RecipeStack</name>
    <message>
        <location filename="../../widgets/recipes/stack.py" line="87" />
        <source>Apply</source>
        <translation>적용</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/stack.py" line="88" />
        <source>Work out the steps, in a process of its own</source>
        <translation>별도 프로세스에서 단계를 계산합니다</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/stack.py" line="89" />
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/stack.py" line="90" />
        <source>Cancel applying the recipe</source>
        <translation>레시피 적용 취소</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/stack.py" line="91" />
        <source>Stop</source>
        <translation>멈춤</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/stack.py" line="92" />
        <source>End the training now and keep the best so far</source>
        <translation>학습을 지금 끝내고 지금까지 가장 좋은 것을 남깁니다</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/stack.py" line="98" />
        <source>Add technique</source>
        <translation>기법 추가</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/stack.py" line="258" />
        <source>Applied: the picture shows the whole recipe.</source>
        <translation>적용됨: 그림이 레시피 전체를 보여 줍니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/stack.py" line="260" />
        <source>Not applied: the picture shows the live steps only.</source>
        <translation>적용 안 됨: 그림은 실시간 단계만 보여 줍니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/stack.py" line="272" />
        <source>End now; Apply goes on from the last look at the training</source>
        <translation>지금 끝냅니다. 적용을 누르면 학습을 마지막으로 살펴본 곳에서 이어 갑니다</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/stack.py" line="281" />
        <source>Not applied</source>
        <translation>적용 안 됨</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/stack.py" line="299" />
        <source>Applying</source>
        <translation>적용하는 중</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/stack.py" line="363" />
        <source>Cut before these steps</source>
        <translation>이 단계들 전에 자르기</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/stack.py" line="366" />
        <source>On: the steps work on the cut network, and are applied again when the subnet changes. Off: they work on the whole network, and the subnet is taken from the result.</source>
        <translation>켬: 단계가 잘린 네트워크에 작용하며, 서브넷이 바뀌면 다시 적용해야 합니다. 끔: 단계가 네트워크 전체에 작용하고, 서브넷은 그 결과에서 고릅니다.</translation>
    </message>
</context>
<context>
    <name>Reports</name>
    <message>
        <location filename="../../widgets/reports.py" line="71" />
        <source>A report shows what was measured, and nothing is yet.</source>
        <translation>보고서는 측정한 것을 보여 주는데, 아직 측정한 것이 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/reports.py" line="72" />
        <source>Measure</source>
        <translation>측정</translation>
    </message>
    <message>
        <location filename="../../widgets/reports.py" line="91" />
        <source>Report on {name}</source>
        <translation>{name} 보고서</translation>
    </message>
</context>
<context>
    <name>ReuseCard</name>
    <message>
        <location filename="../../widgets/diffusion/reuse_card.py" line="39" />
        <source>interval</source>
        <translation>간격</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/reuse_card.py" line="41" />
        <source>How many steps apart everything is computed; the steps between use its deep features again (DeepCache, Ma et al. 2023)</source>
        <translation>몇 스텝마다 모두 계산할지 정합니다. 그 사이 스텝은 깊은 특징을 다시 씁니다(DeepCache, Ma et al. 2023)</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/reuse_card.py" line="46" />
        <source>guide from</source>
        <translation>가이드 시작</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/reuse_card.py" line="47" />
        <source>Where guidance begins, as a share of the steps; before, the prompt alone is computed, in half the time</source>
        <translation>가이던스가 시작되는 곳(스텝에 대한 비율)입니다. 그 전에는 프롬프트만 계산해 시간이 절반만 듭니다</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/reuse_card.py" line="51" />
        <source>guide until</source>
        <translation>가이드 끝</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/reuse_card.py" line="52" />
        <source>Where guidance ends, as a share of the steps; behind, the prompt alone is computed, in half the time</source>
        <translation>가이던스가 끝나는 곳(스텝에 대한 비율)입니다. 그 뒤에는 프롬프트만 계산해 시간이 절반만 듭니다</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/reuse_card.py" line="58" />
        <source>PyTorch draws with this: it is no single network.</source>
        <translation>하나의 네트워크가 아니어서 PyTorch가 그립니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/reuse_card.py" line="62" />
        <source>Feature reuse</source>
        <translation>특징 재사용</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/reuse_card.py" line="81" />
        <source>Features of this denoiser cannot be used again.</source>
        <translation>이 디노이저의 특징은 다시 쓸 수 없습니다.</translation>
    </message>
</context>
<context>
    <name>RunButtons</name>
    <message>
        <location filename="../../widgets/training/run_parts.py" line="28" />
        <source>Stop</source>
        <translation>멈춤</translation>
    </message>
    <message>
        <location filename="../../widgets/training/run_parts.py" line="29" />
        <source>End now and keep the best so far</source>
        <translation>지금 끝내고 지금까지 가장 좋은 것을 남깁니다</translation>
    </message>
    <message>
        <location filename="../../widgets/training/run_parts.py" line="30" />
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <location filename="../../widgets/training/run_parts.py" line="31" />
        <source>End now; what was begun can be gone on with</source>
        <translation>지금 끝냅니다. 하던 것은 나중에 이어서 할 수 있습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/training/run_parts.py" line="32" />
        <source>Open the result</source>
        <translation>결과 열기</translation>
    </message>
    <message>
        <location filename="../../widgets/training/run_parts.py" line="33" />
        <source>Back</source>
        <translation>뒤로</translation>
    </message>
</context>
<context>
    <name>RuntimeCard</name>
    <message>
        <location filename="../../widgets/runtime_card.py" line="167" />
        <source>{wanted} subnets compiled</source>
        <translation>서브넷 {wanted}개 컴파일됨</translation>
    </message>
    <message>
        <location filename="../../widgets/runtime_card.py" line="159" />
        <source>{ready} of {wanted} subnets compiled</source>
        <translation>서브넷 {wanted}개 중 {ready}개 컴파일됨</translation>
    </message>
    <message>
        <location filename="../../widgets/runtime_card.py" line="119" />
        <location filename="../../widgets/runtime_card.py" line="132" />
        <source>Where side {side} runs</source>
        <translation>{side} 쪽이 실행되는 곳</translation>
    </message>
    <message>
        <location filename="../../widgets/runtime_card.py" line="62" />
        <source>Runs on</source>
        <translation>실행 위치</translation>
    </message>
    <message>
        <location filename="../../widgets/runtime_card.py" line="105" />
        <source>{side}: its weights are packed in a GGUF file, which PyTorch alone runs.</source>
        <translation>{side}: 가중치가 GGUF 파일에 묶여 있어 PyTorch로만 실행됩니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/runtime_card.py" line="110" />
        <source>{side}: its steps differ, so it is no single network; PyTorch draws it.</source>
        <translation>{side}: 스텝마다 달라서 하나의 네트워크가 아닙니다. PyTorch가 그립니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/runtime_card.py" line="122" />
        <source>{words}: the denoiser. PyTorch reads the prompt and decodes the picture.</source>
        <translation>{words}: 디노이저입니다. 프롬프트를 읽고 그림을 디코딩하는 일은 PyTorch가 합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/runtime_card.py" line="149" />
        <source>Looking for devices…</source>
        <translation>장치를 찾는 중…</translation>
    </message>
    <message>
        <location filename="../../widgets/runtime_card.py" line="154" />
        <source>{ready} of {wanted} denoisers compiled; PyTorch draws the others</source>
        <translation>디노이저 {wanted}개 중 {ready}개 컴파일됨. 나머지는 PyTorch가 그립니다</translation>
    </message>
    <message>
        <location filename="../../widgets/runtime_card.py" line="162" />
        <source>denoiser compiled</source>
        <translation>디노이저 컴파일됨</translation>
    </message>
    <message>
        <location filename="../../widgets/runtime_card.py" line="165" />
        <source>{wanted} denoisers compiled</source>
        <translation>디노이저 {wanted}개 컴파일됨</translation>
    </message>
</context>
<context>
    <name>ScanPanel</name>
    <message>
        <location filename="../../widgets/recipes/scan_panel.py" line="97" />
        <location filename="../../widgets/recipes/scan_panel.py" line="153" />
        <source>Scan layers</source>
        <translation>층 검사</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/scan_panel.py" line="99" />
        <source>Find out what each layer alone loses in int8, in a process of its own</source>
        <translation>층마다 홀로 int8일 때 얼마나 잃는지 별도 프로세스에서 알아봅니다</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/scan_panel.py" line="101" />
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/scan_panel.py" line="102" />
        <source>Cancel the scan</source>
        <translation>검사 취소</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/scan_panel.py" line="103" />
        <source>Take proposal</source>
        <translation>제안 받기</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/scan_panel.py" line="104" />
        <source>Leave the proposed layers in float</source>
        <translation>제안한 층을 실수로 남깁니다</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/scan_panel.py" line="114" />
        <source>Worst first</source>
        <translation>나쁜 것부터</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/scan_panel.py" line="115" />
        <source>Off: in the order in which they run</source>
        <translation>끄면 실행 순서대로</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/scan_panel.py" line="118" />
        <source>Layers; checked ones stay in float</source>
        <translation>층. 선택한 층은 실수로 남습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/scan_panel.py" line="153" />
        <source>Scan again</source>
        <translation>다시 검사</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/scan_panel.py" line="162" />
        <location filename="../../widgets/recipes/scan_panel.py" line="164" />
        <source>Scanning</source>
        <translation>검사 중</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/scan_panel.py" line="168" />
        <source>no change</source>
        <translation>변화 없음</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/scan_panel.py" line="175" />
        <source>All in int8: {db}.</source>
        <translation>모두 int8: {db}.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/scan_panel.py" line="177" />
        <source>Proposed for {wanted}: {n} in float; predicted {db} with {share} of the multiplies in int8.</source>
        <translation>{wanted}를 위한 제안: 실수로 {n}개, 예상 {db}, 곱셈의 {share}가 int8.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/scan_panel.py" line="187" />
        <source>That is not what is wanted, and no better is possible.</source>
        <translation>원하는 품질에 못 미치며, 더 나은 방법은 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/scan_panel.py" line="208" />
        <source>{name}, proposed</source>
        <translation>{name}, 제안</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/scan_panel.py" line="214" />
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/scan_panel.py" line="224" />
        <source>{share} of the multiplies</source>
        <translation>곱셈의 {share}</translation>
    </message>
</context>
<context>
    <name>Scanning</name>
    <message>
        <location filename="../../widgets/recipes/scanning.py" line="25" />
        <source>Scan the layers</source>
        <translation>층 검사</translation>
    </message>
</context>
<context>
    <name>SecondSeed</name>
    <message>
        <location filename="../../widgets/mixing.py" line="30" />
        <source>seed B</source>
        <translation>시드 B</translation>
    </message>
    <message>
        <location filename="../../widgets/mixing.py" line="30" />
        <source>0 to {largest}</source>
        <translation>0부터 {largest}까지</translation>
    </message>
    <message>
        <location filename="../../widgets/mixing.py" line="35" />
        <source>Another second seed</source>
        <translation>다른 두 번째 시드</translation>
    </message>
</context>
<context>
    <name>SeedRow</name>
    <message>
        <location filename="../../widgets/seed_row.py" line="70" />
        <source>seed</source>
        <translation>시드</translation>
    </message>
    <message>
        <location filename="../../widgets/seed_row.py" line="70" />
        <source>0 to {largest}</source>
        <translation>0부터 {largest}까지</translation>
    </message>
    <message>
        <location filename="../../widgets/seed_row.py" line="78" />
        <source>Change the seed</source>
        <translation>시드 바꾸기</translation>
    </message>
</context>
<context>
    <name>Sharing</name>
    <message>
        <location filename="../../widgets/sharing.py" line="69" />
        <source>The picture of side {side} is copied.</source>
        <translation>{side} 쪽 그림을 복사했습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/sharing.py" line="166" />
        <source>{model} has changed since {picture} was made; nothing was brought back.</source>
        <translation>{picture}을(를) 만든 뒤 {model}이(가) 바뀌어서 되돌리지 않았습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/sharing.py" line="169" />
        <source>{picture} was made with {model}, which is not found; put it beside the picture and drop that again.</source>
        <translation>{picture}은(는) {model}(으)로 만들었는데 그 파일을 찾을 수 없습니다. 그림 옆에 두고 다시 놓아 주세요.</translation>
    </message>
    <message>
        <location filename="../../widgets/sharing.py" line="200" />
        <source>{picture} does not fit its model: {why}</source>
        <translation>{picture}이(가) 모델에 맞지 않습니다: {why}</translation>
    </message>
    <message>
        <location filename="../../widgets/sharing.py" line="260" />
        <source>Bring back {name}</source>
        <translation>{name} 되돌리기</translation>
    </message>
    <message>
        <location filename="../../widgets/sharing.py" line="267" />
        <source>{name} is back without its recipe: {why}</source>
        <translation>{name}을(를) 레시피 없이 되돌렸습니다: {why}</translation>
    </message>
    <message>
        <location filename="../../widgets/sharing.py" line="274" />
        <source>{name} is back without the picture that it was drawn from.</source>
        <translation>{name}을(를) 되살렸지만 바탕이 된 그림은 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/sharing.py" line="278" />
        <source>{name} is back: seed {seed}.</source>
        <translation>{name}을(를) 되돌렸습니다: 시드 {seed}.</translation>
    </message>
    <message>
        <location filename="../../widgets/sharing.py" line="285" />
        <source>{name} is back without the picture it was drawn from, which is not found; put that beside it and drop it again.</source>
        <translation>{name}을(를) 되살렸지만 바탕 그림을 찾지 못했습니다. 바탕 그림을 곁에 두고 다시 끌어 놓으세요.</translation>
    </message>
    <message>
        <location filename="../../widgets/sharing.py" line="291" />
        <source>the drawing</source>
        <translation>그린 것</translation>
    </message>
    <message>
        <location filename="../../widgets/sharing.py" line="293" />
        <source>{name} is back, drawn from {picture}.</source>
        <translation>{name}을(를) 되살렸습니다. 바탕 그림은 {picture}입니다.</translation>
    </message>
</context>
<context>
    <name>Size</name>
    <message>
        <location filename="../../widgets/diffusion/size.py" line="23" />
        <source>The size the model was trained for</source>
        <translation>모델이 학습한 크기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/size.py" line="42" />
        <source>This model draws at {size} px only.</source>
        <translation>이 모델은 {size} px로만 그립니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/size.py" line="44" />
        <source>Multiples of {step} px, best at {size}.</source>
        <translation>{step} px의 배수, {size}에서 가장 좋습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/size.py" line="69" />
        <source>Change the size</source>
        <translation>크기 바꾸기</translation>
    </message>
</context>
<context>
    <name>SizeFields</name>
    <message>
        <location filename="../../widgets/controls/size_fields.py" line="38" />
        <source>Width in pixels</source>
        <translation>너비(픽셀)</translation>
    </message>
    <message>
        <location filename="../../widgets/controls/size_fields.py" line="39" />
        <source>Height in pixels</source>
        <translation>높이(픽셀)</translation>
    </message>
    <message>
        <location filename="../../widgets/controls/size_fields.py" line="49" />
        <source>size</source>
        <translation>크기</translation>
    </message>
    <message>
        <location filename="../../widgets/controls/size_fields.py" line="58" />
        <source>px</source>
        <translation>px</translation>
    </message>
</context>
<context>
    <name>SizeRow</name>
    <message>
        <location filename="../../widgets/translation/size_row.py" line="22" />
        <source>The size that suits picture and model</source>
        <translation>그림과 모델에 맞는 크기</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/size_row.py" line="34" />
        <source>Multiples of {step} px from {least} px, also unequal.</source>
        <translation>{least} px 이상, {step} px의 배수. 가로세로가 달라도 됩니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/size_row.py" line="61" />
        <source>Change the size</source>
        <translation>크기 바꾸기</translation>
    </message>
</context>
<context>
    <name>SpeedPage</name>
    <message>
        <location filename="../../widgets/preferences/speed_page.py" line="62" />
        <source>&amp;Threads</source>
        <translation>스레드(&amp;T)</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/speed_page.py" line="39" />
        <source>A small subnet is faster on one thread and takes no more. The renderer starts again with another number; nothing is lost.</source>
        <translation>작은 서브넷은 스레드 하나에서 더 빠르며 하나만 씁니다. 수를 바꾸면 렌더러가 다시 시작하지만 잃는 것은 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/speed_page.py" line="64" />
        <source>Cache &amp;folder</source>
        <translation>캐시 폴더(&amp;F)</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/speed_page.py" line="68" />
        <source>Cache &amp;limit</source>
        <translation>캐시 한도(&amp;L)</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/speed_page.py" line="132" />
        <source>Cache folder</source>
        <translation>캐시 폴더</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/speed_page.py" line="46" />
        <source>Choose the cache folder</source>
        <translation>캐시 폴더 선택</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/speed_page.py" line="45" />
        <source>Choose…</source>
        <translation>선택…</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/speed_page.py" line="124" />
        <source>Compiled networks beyond it are removed, the longest unused first.</source>
        <translation>한도를 넘으면 컴파일된 네트워크 중 가장 오래 쓰지 않은 것부터 지웁니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/speed_page.py" line="107" />
        <source>Set by {variable}, which this Maquette was started with.</source>
        <translation>Maquette를 시작할 때 {variable}(으)로 정해졌습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/speed_page.py" line="48" />
        <source>Show the cache folder</source>
        <translation>캐시 폴더 보기</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/speed_page.py" line="47" />
        <source>Show</source>
        <translation>보기</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/speed_page.py" line="127" />
        <source>The cache holds {size} now.</source>
        <translation>지금 캐시 크기는 {size}입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/speed_page.py" line="114" />
        <source>What is in the old folder stays there and is made again in the new one.</source>
        <translation>이전 폴더에 있는 것은 그대로 남고, 새 폴더에 다시 만들어집니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/speed_page.py" line="44" />
        <source>as it comes</source>
        <translation>기본 폴더</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/speed_page.py" line="36" />
        <source>automatic ({count})</source>
        <translation>자동 ({count})</translation>
    </message>
</context>
<context>
    <name>StageStrip</name>
    <message>
        <location filename="../../widgets/controls/stage_strip.py" line="128" />
        <location filename="../../widgets/controls/stage_strip.py" line="169" />
        <source>{pixels} px: seed {side}</source>
        <translation>{pixels} px: 시드 {side}</translation>
    </message>
</context>
<context>
    <name>Stages</name>
    <message>
        <location filename="../../widgets/stages.py" line="69" />
        <source>Width of this stage, of {n} channels</source>
        <translation>채널 {n}개인 이 단계의 너비</translation>
    </message>
    <message>
        <location filename="../../widgets/stages.py" line="76" />
        <source>{pixels} px</source>
        <translation>{pixels} px</translation>
    </message>
    <message>
        <location filename="../../widgets/stages.py" line="114" />
        <source>first</source>
        <translation>처음</translation>
    </message>
    <message>
        <location filename="../../widgets/stages.py" line="115" />
        <source>down {n}</source>
        <translation>내림 {n}</translation>
    </message>
    <message>
        <location filename="../../widgets/stages.py" line="116" />
        <source>up {n}</source>
        <translation>올림 {n}</translation>
    </message>
    <message>
        <location filename="../../widgets/stages.py" line="117" />
        <source>blocks {n}</source>
        <translation>블록 {n}</translation>
    </message>
    <message>
        <location filename="../../widgets/stages.py" line="118" />
        <source>head</source>
        <translation>머리</translation>
    </message>
    <message>
        <location filename="../../widgets/stages.py" line="119" />
        <source>middle {n}</source>
        <translation>가운데 {n}</translation>
    </message>
    <message>
        <location filename="../../widgets/stages.py" line="74" />
        <source>Width of the layers at {pixels} px</source>
        <translation>{pixels} px 층의 너비</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <location filename="../../widgets/status_bar.py" line="26" />
        <source>What makes the pictures: device, runtime and precision</source>
        <translation>그림을 만드는 것: 장치, 런타임, 정밀도</translation>
    </message>
    <message>
        <location filename="../../widgets/status_bar.py" line="28" />
        <source>Memory of this window and its helper processes</source>
        <translation>이 창과 도우미 프로세스의 메모리</translation>
    </message>
    <message>
        <location filename="../../widgets/status_bar.py" line="49" />
        <source>memory {used} of {total} GB</source>
        <translation>메모리 {used} / {total} GB</translation>
    </message>
</context>
<context>
    <name>StepCard</name>
    <message>
        <location filename="../../widgets/recipes/card.py" line="70" />
        <source>Move {name}</source>
        <translation>{name} 옮기기</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/card.py" line="79" />
        <source>Report</source>
        <translation>보고</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/card.py" line="205" />
        <source>Reset</source>
        <translation>초기화</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/card.py" line="206" />
        <source>Copy step</source>
        <translation>단계 복사</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/card.py" line="207" />
        <source>Remove</source>
        <translation>제거</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/card.py" line="210" />
        <source>Copy sensitivity scan as command</source>
        <translation>민감도 조사를 명령으로 복사</translation>
    </message>
</context>
<context>
    <name>StepCurve</name>
    <message>
        <location filename="../../widgets/diffusion/step_curve.py" line="76" />
        <source>step</source>
        <translation>스텝</translation>
    </message>
</context>
<context>
    <name>StepList</name>
    <message>
        <location filename="../../widgets/gan_compression/step_list.py" line="25" />
        <source>Steps</source>
        <translation>단계</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_list.py" line="32" />
        <source>Pictures</source>
        <translation>그림</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_list.py" line="32" />
        <source>Training</source>
        <translation>학습</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_list.py" line="65" />
        <source>{step} (under way)</source>
        <translation>{step} (진행 중)</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_list.py" line="67" />
        <source>{step} (begun)</source>
        <translation>{step} (시작함)</translation>
    </message>
    <message>
        <location filename="../../widgets/gan_compression/step_list.py" line="69" />
        <source>{step} (done)</source>
        <translation>{step} (끝남)</translation>
    </message>
</context>
<context>
    <name>StepReport</name>
    <message>
        <location filename="../../widgets/recipes/reports.py" line="28" />
        <source>{touched} layers changed, {left} left alone</source>
        <translation>층 {touched}개 바뀜, {left}개 그대로</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/reports.py" line="31" />
        <source>on disk {before} to {after}</source>
        <translation>디스크 {before}에서 {after}로</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/reports.py" line="32" />
        <source>in memory {before} to {after}</source>
        <translation>메모리 {before}에서 {after}로</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/reports.py" line="38" />
        <source>It took {minutes} min</source>
        <translation>{minutes}분 걸렸습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/reports.py" line="41" />
        <source>It took {seconds} s</source>
        <translation>{seconds}초 걸렸습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/reports.py" line="44" />
        <source>Taken from the cache</source>
        <translation>캐시에서 가져옴</translation>
    </message>
</context>
<context>
    <name>StepReportView</name>
    <message>
        <location filename="../../widgets/recipes/reports.py" line="84" />
        <source>Layer by layer…</source>
        <translation>층별로 보기…</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/reports.py" line="85" />
        <source>Time, multiplies, bytes and precision of every layer</source>
        <translation>모든 층의 시간, 곱셈 수, 바이트, 정밀도</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/reports.py" line="94" />
        <source>layer</source>
        <translation>층</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/reports.py" line="95" />
        <source>what was done</source>
        <translation>한 일</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/reports.py" line="96" />
        <source>before</source>
        <translation>이전</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/reports.py" line="97" />
        <source>after</source>
        <translation>이후</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/reports.py" line="99" />
        <source>error</source>
        <translation>오차</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/reports.py" line="101" />
        <source>Relative error of the layer's output or weights</source>
        <translation>층의 출력이나 가중치의 상대 오차</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/reports.py" line="105" />
        <source>What was done to every layer</source>
        <translation>층마다 한 일</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/reports.py" line="111" />
        <source>left alone: {why}</source>
        <translation>그대로 둠: {why}</translation>
    </message>
</context>
<context>
    <name>StepsCard</name>
    <message>
        <location filename="../../widgets/diffusion/steps_card.py" line="35" />
        <source>steps</source>
        <translation>스텝</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/steps_card.py" line="37" />
        <source>How often the denoiser runs for this variant, also when it is measured; full keeps its own steps</source>
        <translation>이 변형에서 디노이저를 돌리는 횟수. 잴 때도 이 횟수를 쓰며, 전체는 제 스텝을 그대로 씁니다</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/steps_card.py" line="42" />
        <source>guidance</source>
        <translation>가이던스</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/steps_card.py" line="43" />
        <source>How strongly the prompt counts; 1 is not at all and twice as fast</source>
        <translation>프롬프트를 따르는 세기. 1이면 따르지 않고 두 배 빠릅니다</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/steps_card.py" line="46" />
        <source>Scheduler of this variant</source>
        <translation>이 변형의 스케줄러</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/steps_card.py" line="48" />
        <source>Some schedulers reach the same picture in fewer steps; compare them at equal time</source>
        <translation>더 적은 스텝으로 같은 그림에 이르는 스케줄러도 있습니다. 같은 시간으로 견주세요</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/steps_card.py" line="52" />
        <source>Fewer steps</source>
        <translation>스텝 줄이기</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/steps_card.py" line="71" />
        <source>as full</source>
        <translation>전체와 같게</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/steps_card.py" line="98" />
        <source>scheduler</source>
        <translation>스케줄러</translation>
    </message>
</context>
<context>
    <name>SubnetForm</name>
    <message>
        <location filename="../../widgets/sweep/subnet_form.py" line="34" />
        <source>Narrowest width</source>
        <translation>가장 좁은 너비</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/subnet_form.py" line="35" />
        <source>Widest width</source>
        <translation>가장 넓은 너비</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/subnet_form.py" line="40" />
        <source>Number of widths</source>
        <translation>너비의 개수</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/subnet_form.py" line="47" />
        <source>to</source>
        <translation>~</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/subnet_form.py" line="48" />
        <source>&amp;Width from</source>
        <translation>너비 범위(&amp;W)</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/subnet_form.py" line="51" />
        <source>&amp;Number of widths</source>
        <translation>너비의 개수(&amp;N)</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/subnet_form.py" line="53" />
        <source>Resolutions (px)</source>
        <translation>해상도(px)</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/subnet_form.py" line="83" />
        <source>{pixels} pixels</source>
        <translation>{pixels}픽셀</translation>
    </message>
</context>
<context>
    <name>SubnetPanel</name>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="63" />
        <source>width</source>
        <translation>너비</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="64" />
        <source>Share of the channels of every layer. Marks: widths the model was trained for (slimmable networks, Anycost GAN, Lin et al. 2021)</source>
        <translation>모든 층에서 쓰는 채널의 비율. 눈금: 모델이 학습한 너비(slimmable networks, Anycost GAN, Lin 외 2021)</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="68" />
        <source>depth</source>
        <translation>깊이</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="69" />
        <source>Share of the blocks that run, of those that can be left out; those go first that cost least</source>
        <translation>뺄 수 있는 블록 가운데 실행할 비율입니다. 빼도 손실이 가장 적은 것부터 빠집니다</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="77" />
        <source>resolution</source>
        <translation>해상도</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="77" />
        <source>px</source>
        <translation>px</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="78" />
        <source>Where the network stops and gives its picture</source>
        <translation>네트워크가 멈추고 그림을 내는 곳</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="84" />
        <source>Per stage</source>
        <translation>단계별</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="90" />
        <source>Drag width</source>
        <translation>너비를 끌어 보세요</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="95" />
        <source>This denoiser has nothing that could be narrowed; drafts have fewer steps.</source>
        <translation>이 디노이저에는 줄일 것이 없습니다. 초안은 스텝이 더 적습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="107" />
        <location filename="../../widgets/subnet_panel.py" line="259" />
        <source>Sort channels</source>
        <translation>채널 정렬</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="108" />
        <source>Order channels by weight and style; full stays the same</source>
        <translation>가중치와 스타일로 채널을 정렬합니다. 전체는 그대로입니다</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="111" />
        <location filename="../../widgets/subnet_panel.py" line="158" />
        <source>Subnet</source>
        <translation>서브넷</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="158" />
        <source>Denoiser</source>
        <translation>디노이저</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="253" />
        <source>The channels of this model are not in order of importance: narrow subnets look poor until they are sorted.</source>
        <translation>이 모델의 채널은 중요한 순서가 아닙니다. 정렬하기 전에는 좁은 서브넷의 그림이 나쁩니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="305" />
        <source>The insides of this denoiser are not in order of importance: narrow ones look poor until they are ordered.</source>
        <translation>이 디노이저의 내부는 중요도 순서가 아닙니다. 정렬하기 전에는 좁힌 결과가 좋지 않습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="311" />
        <source>Order by importance</source>
        <translation>중요도 순으로 정렬</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="313" />
        <source>Measure along real runs what channels, heads, units and blocks do, and order them; full stays the same</source>
        <translation>실제 실행에서 채널, 헤드, 유닛, 블록의 역할을 재어 정렬합니다. 전체의 결과는 그대로입니다</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="325" />
        <source>The batch norms of this model hold statistics of the whole network: narrow subnets need their own.</source>
        <translation>이 모델의 배치 정규화에는 전체 네트워크의 통계가 있습니다. 좁은 서브넷에는 따로 필요합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="331" />
        <source>Recalibrate</source>
        <translation>다시 맞추기</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="334" />
        <source>Take the statistics of this subnet over test pictures, and compare it with full before and after (GAN Compression, Li et al. 2020)</source>
        <translation>시험 그림으로 이 서브넷의 통계를 얻고, 전후를 전체와 비교합니다(GAN Compression, Li 외 2020)</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="344" />
        <source>literal</source>
        <translation>그대로</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="345" />
        <source>Anycost</source>
        <translation>Anycost</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="346" />
        <source>That share of every layer</source>
        <translation>모든 층에서 그 비율만큼</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="348" />
        <source>Anycost's own: low resolutions often stay full (Lin et al. 2021)</source>
        <translation>Anycost 방식: 낮은 해상도는 대개 전체 그대로입니다(Lin 외 2021)</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="350" />
        <source>rule</source>
        <translation>규칙</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="351" />
        <source>Width rule</source>
        <translation>너비 규칙</translation>
    </message>
    <message>
        <location filename="../../widgets/subnet_panel.py" line="352" />
        <source>How a width becomes channels</source>
        <translation>너비를 채널 수로 바꾸는 방법</translation>
    </message>
</context>
<context>
    <name>Sweep</name>
    <message>
        <location filename="../../widgets/sweep/opening.py" line="60" />
        <location filename="../../widgets/sweep/opening.py" line="107" />
        <source>Sweep of {n} variants</source>
        <translation>변형 {n}개 훑기</translation>
    </message>
</context>
<context>
    <name>SweepDialog</name>
    <message>
        <location filename="../../widgets/sweep/dialog.py" line="90" />
        <source>Sweep</source>
        <translation>훑기</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/dialog.py" line="97" />
        <source>What is swept</source>
        <translation>무엇을 훑을지</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/dialog.py" line="113" />
        <source>Keep and measure</source>
        <translation>간직하고 측정</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/dialog.py" line="116" />
        <source>Copy as command</source>
        <translation>명령으로 복사</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/dialog.py" line="128" />
        <source>&amp;Sweep</source>
        <translation>훑기(&amp;S)</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/dialog.py" line="162" />
        <source>Width and resolution</source>
        <translation>너비와 해상도</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/dialog.py" line="162" />
        <source>Width</source>
        <translation>너비</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/dialog.py" line="199" />
        <source>Width of {stage}</source>
        <translation>{stage} 너비</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/dialog.py" line="207" />
        <source>Width at {pixels} px</source>
        <translation>{pixels}px에서의 너비</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/dialog.py" line="290" />
        <source>All of these are kept and measured already.</source>
        <translation>모두 이미 간직하고 측정했습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/dialog.py" line="295" />
        <source>A measurement is under way; begin when it has ended.</source>
        <translation>측정이 진행 중입니다. 끝나면 시작하세요.</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/dialog.py" line="303" />
        <source>No value is chosen.</source>
        <translation>고른 값이 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/dialog.py" line="305" />
        <source>This is full alone, which is measured anyway.</source>
        <translation>전체 하나뿐이며, 전체는 어차피 측정합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/dialog.py" line="307" />
        <source>{n} variants are kept and measured.</source>
        <translation>변형 {n}개를 간직하고 측정합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/dialog.py" line="308" />
        <source>{n} variants are measured; {old} of them are kept already.</source>
        <translation>변형 {n}개를 측정합니다. 그중 {old}개는 이미 간직했습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/dialog.py" line="314" />
        <source>How long it takes is shown once it runs; it can be cancelled.</source>
        <translation>걸리는 시간은 시작하면 나타납니다. 취소할 수 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/dialog.py" line="316" />
        <source>About {n} s; it can be cancelled.</source>
        <translation>약 {n}초. 취소할 수 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/sweep/dialog.py" line="317" />
        <source>About {n} min; it can be cancelled.</source>
        <translation>약 {n}분. 취소할 수 있습니다.</translation>
    </message>
</context>
<context>
    <name>TargetPicker</name>
    <message>
        <location filename="../../widgets/devices/picker.py" line="45" />
        <source>Where it runs</source>
        <translation>실행할 곳</translation>
    </message>
    <message>
        <location filename="../../widgets/devices/picker.py" line="79" />
        <source>It is not among what is ready here.</source>
        <translation>지금 이 컴퓨터에서 준비된 것이 아닙니다.</translation>
    </message>
</context>
<context>
    <name>TechniquePanel</name>
    <message>
        <location filename="../../widgets/recipes/inputs.py" line="145" />
        <source>“{text}” is not a whole number.</source>
        <translation>“{text}”은(는) 정수가 아닙니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/inputs.py" line="147" />
        <location filename="../../widgets/recipes/inputs.py" line="281" />
        <source>“{text}” is not a number.</source>
        <translation>“{text}”은(는) 숫자가 아닙니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/inputs.py" line="222" />
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/inputs.py" line="225" />
        <source>none; commas between entries</source>
        <translation>없음. 항목은 쉼표로 나눕니다</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/inputs.py" line="272" />
        <source>“{text}” is not JSON.</source>
        <translation>“{text}”은(는) JSON이 아닙니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/inputs.py" line="290" />
        <source>{value} is not within {low} and {high}.</source>
        <translation>{value}은(는) {low}에서 {high} 사이가 아닙니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/inputs.py" line="295" />
        <source>{value} is not above {low}.</source>
        <translation>{value}은(는) {low}보다 크지 않습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/inputs.py" line="297" />
        <source>{value} is less than {low}.</source>
        <translation>{value}은(는) {low}보다 작습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/inputs.py" line="301" />
        <source>{value} is not below {high}.</source>
        <translation>{value}은(는) {high}보다 작지 않습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/inputs.py" line="303" />
        <source>{value} is more than {high}.</source>
        <translation>{value}은(는) {high}보다 큽니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/rows.py" line="71" />
        <source>Set {name}</source>
        <translation>{name} 정하기</translation>
    </message>
</context>
<context>
    <name>Techniques</name>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="28" />
        <source>Subnet</source>
        <translation>서브넷</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="29" />
        <source>Run a part of the channels and stop at a lower resolution, on the same weights.</source>
        <translation>같은 가중치로 채널의 일부만 돌리고 더 낮은 해상도에서 멈춥니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="33" />
        <source>Width</source>
        <translation>너비</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="34" />
        <source>Share of the channels of every layer.</source>
        <translation>모든 층에서 쓰는 채널의 비율입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="35" />
        <source>Width rule</source>
        <translation>너비 규칙</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="36" />
        <source>Literal takes that share of every layer; anycost is that project's own rule, under which low resolutions often stay full.</source>
        <translation>literal은 모든 층에서 그 비율만큼 씁니다. anycost는 그 프로젝트의 규칙으로, 낮은 해상도는 전체로 남는 때가 많습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="41" />
        <source>literal</source>
        <translation>그대로</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="42" />
        <source>Anycost</source>
        <translation>Anycost</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="43" />
        <source>Free widths</source>
        <translation>자유 너비</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="44" />
        <source>In place of the width: ratios or channel counts, one per layer or per stage.</source>
        <translation>너비 대신 층이나 단계마다 하나씩 비율 또는 채널 수를 적습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="47" />
        <source>Resolution</source>
        <translation>해상도</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="48" />
        <source>Where to stop; empty for the full resolution.</source>
        <translation>멈출 해상도입니다. 비워 두면 전체 해상도입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="49" />
        <source>Sort channels</source>
        <translation>채널 정렬</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="50" />
        <source>Order channels by importance first, where the model's are not, so that narrow widths keep the ones that matter.</source>
        <translation>모델의 채널이 정렬되어 있지 않으면 먼저 중요한 순서로 정렬하여, 좁은 너비에도 중요한 채널이 남게 합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="55" />
        <source>Prune channels</source>
        <translation>채널 가지치기</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="56" />
        <source>Remove the channels that matter least; the network is smaller in every runtime.</source>
        <translation>가장 덜 중요한 채널을 없앱니다. 어느 런타임에서나 네트워크가 작아집니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="60" />
        <source>Importance</source>
        <translation>중요도</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="61" />
        <source>What makes a channel worth keeping. l1, l2: the weights that read it, at its usual style; activation: those weights times what they read; taylor: how much the picture would change without it, to first order.</source>
        <translation>채널을 남길 기준입니다. l1, l2: 보통의 스타일에서 채널을 읽는 가중치. activation: 그 가중치와 읽는 값의 곱. taylor: 채널이 없으면 그림이 얼마나 바뀌는지의 1차 근사.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="67" />
        <source>L1</source>
        <translation>L1</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="68" />
        <source>L2</source>
        <translation>L2</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="69" />
        <source>Taylor</source>
        <translation>테일러</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="70" />
        <source>activation</source>
        <translation>활성값</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="71" />
        <source>Ratio</source>
        <translation>비율</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="72" />
        <source>Share of the channels to remove.</source>
        <translation>없앨 채널의 비율입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="73" />
        <source>Spread</source>
        <translation>배분</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="74" />
        <source>even</source>
        <translation>고르게</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="75" />
        <source>global</source>
        <translation>전체에서</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="76" />
        <source>Free ratios</source>
        <translation>자유 비율</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="77" />
        <source>Fewest channels</source>
        <translation>최소 채널 수</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="78" />
        <source>No layer is left with fewer, unless it has fewer already.</source>
        <translation>이미 더 적은 층이 아니라면 이보다 적게 남기지 않습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="79" />
        <source>channels</source>
        <translation>채널</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="80" />
        <source>Keep the first resolution</source>
        <translation>첫 해상도 남기기</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="81" />
        <source>Keep the last resolution</source>
        <translation>마지막 해상도 남기기</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="82" />
        <source>Samples</source>
        <translation>표본 수</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="83" />
        <source>Low rank</source>
        <translation>저랭크</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="84" />
        <source>Replace layers by chains of smaller ones: SVD, Tucker-2 or CP, without training.</source>
        <translation>층을 더 작은 층들의 사슬로 바꿉니다. SVD, Tucker-2, CP를 쓰며 학습하지 않습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="88" />
        <source>Method</source>
        <translation>방법</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="89" />
        <source>SVD</source>
        <translation>SVD</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="90" />
        <source>Tucker-2</source>
        <translation>Tucker-2</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="91" />
        <source>CP</source>
        <translation>CP</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="92" />
        <source>Rank by</source>
        <translation>랭크 기준</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="93" />
        <source>budget</source>
        <translation>예산</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="94" />
        <source>energy</source>
        <translation>에너지</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="95" />
        <source>Budget</source>
        <translation>예산</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="96" />
        <source>Share of each layer's weights that its chain may have.</source>
        <translation>층마다 사슬이 가질 수 있는 가중치의 비율입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="97" />
        <source>Energy</source>
        <translation>에너지</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="98" />
        <source>Share of the sum of squared weights that a chain must keep; 1 keeps all but rounding errors.</source>
        <translation>사슬이 지켜야 할 가중치 제곱합의 비율입니다. 1이면 반올림 오차만 남습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="103" />
        <source>Mapping network too</source>
        <translation>매핑 네트워크도</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="104" />
        <source>Split the fully connected layers of the mapping network as well. They decide what a seed shows, so an error there is another picture.</source>
        <translation>매핑 네트워크의 완전 연결 층도 나눕니다. 시드가 무엇을 보일지 정하는 층이라 오차가 나면 다른 그림이 됩니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="109" />
        <source>Smallest layer</source>
        <translation>가장 작은 층</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="110" />
        <source>Layers with fewer weights are left alone: there is little to gain in them.</source>
        <translation>가중치가 이보다 적은 층은 얻을 것이 적어 그대로 둡니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="113" />
        <source>weights</source>
        <translation>가중치</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="114" />
        <source>Exact SVD</source>
        <translation>정확한 SVD</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="115" />
        <source>Compute whole singular value decompositions instead of randomised ones, which is slower and finds nearly the same.</source>
        <translation>무작위 방식 대신 특잇값 분해를 온전히 계산합니다. 더 느리고 결과는 거의 같습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="120" />
        <source>Sweeps</source>
        <translation>반복 횟수</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="121" />
        <source>Most rounds of the alternating refinement of Tucker-2 and CP; it ends sooner when nothing improves.</source>
        <translation>Tucker-2와 CP를 번갈아 다듬는 최대 횟수입니다. 나아지지 않으면 먼저 끝납니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="126" />
        <source>Int8</source>
        <translation>Int8</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="127" />
        <source>Runs convolutions on 8-bit numbers, which processors multiply fastest.</source>
        <translation>프로세서가 가장 빨리 곱하는 8비트 수로 합성곱을 돌립니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="130" />
        <source>Ranges</source>
        <translation>범위</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="131" />
        <source>How the range of an activation is found: all values, a share of them, or the range that keeps most information, which OpenVINO's quantiser does not have.</source>
        <translation>활성값의 범위를 찾는 방법입니다. 모든 값, 그 일부, 또는 정보를 가장 많이 지키는 범위이며, 마지막 것은 OpenVINO의 양자화기에 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="136" />
        <source>min-max</source>
        <translation>최소-최대</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="137" />
        <source>percentile</source>
        <translation>백분위</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="138" />
        <source>entropy</source>
        <translation>엔트로피</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="139" />
        <source>Percentile</source>
        <translation>백분위</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="140" />
        <source>Share of the values inside the range, where ranges are by percentile.</source>
        <translation>범위를 백분위로 찾을 때 범위 안에 드는 값의 비율입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="143" />
        <source>Activation ranges</source>
        <translation>활성값 범위</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="149" />
        <source>symmetric</source>
        <translation>대칭</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="150" />
        <source>asymmetric</source>
        <translation>비대칭</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="151" />
        <source>Calibration inputs</source>
        <translation>보정 입력 수</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="152" />
        <source>How many latents ranges are found over; a folder of them gives at most that many.</source>
        <translation>범위를 찾을 때 쓰는 잠재 벡터의 수입니다. 폴더를 고르면 많아야 이만큼 씁니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="156" />
        <source>Smooth channels</source>
        <translation>채널 고르게 하기</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="157" />
        <source>Move the spread between input channels from activations into weights; the picture stays the same.</source>
        <translation>입력 채널 사이의 편차를 활성값에서 가중치로 옮깁니다. 그림은 그대로입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="162" />
        <source>Smoothing strength</source>
        <translation>고르게 하는 세기</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="163" />
        <source>1 makes activations even, 0 makes weights even, 0.5 shares it alike.</source>
        <translation>1이면 활성값이, 0이면 가중치가 고르게 되고, 0.5면 반씩 나눕니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="166" />
        <source>Bias correction</source>
        <translation>편향 보정</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="167" />
        <source>Take the mean error of rounded weights off each layer's output.</source>
        <translation>반올림한 가중치의 평균 오차를 층의 출력에서 뺍니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="215" />
        <source>Left in float</source>
        <translation>실수로 남길 층</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="216" />
        <source>Layers that stay in float, such as layer9.convolved; auto leaves the worst ones until the wanted quality is predicted.</source>
        <translation>실수로 남길 층입니다(예: layer9.convolved). auto는 바라는 품질이 예상될 때까지 가장 나쁜 층부터 남깁니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="221" />
        <source>Wanted quality</source>
        <translation>바라는 품질</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="222" />
        <source>PSNR to the float picture that auto works towards.</source>
        <translation>auto가 목표로 삼는 실수 그림과의 PSNR입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="223" />
        <source>Last layers in float</source>
        <translation>실수로 남길 마지막 층</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="224" />
        <source>How many of the last convolutions stay in float in any case.</source>
        <translation>어떤 때나 실수로 남길 마지막 합성곱의 수입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="225" />
        <source>ToRGB in int8 too</source>
        <translation>ToRGB도 int8로</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="226" />
        <source>The layers that write the picture hold few multiplies and cost the most quality.</source>
        <translation>그림을 쓰는 층은 곱셈이 적지만 품질을 가장 많이 떨어뜨립니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="230" />
        <source>Batches</source>
        <translation>배치 수</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="231" />
        <source>Configuration string</source>
        <translation>구성 문자열</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="232" />
        <source>How many batches of four inputs the statistics are taken over.</source>
        <translation>통계를 낼 때 쓰는, 입력 넷으로 된 배치의 수.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="235" />
        <source>In place of ratio and spread: a share to remove for every entry of the channel list, or one for every resolution; of models that turn pictures into pictures one for every group of layers that share channels.</source>
        <translation>비율과 분배 대신: 채널 목록의 항목마다, 또는 해상도마다 하나씩 없앨 비율. 그림을 그림으로 바꾸는 모델에서는 채널을 함께 쓰는 층의 묶음마다 하나씩입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="241" />
        <source>In place of the width: GAN Compression's name of a subnet, such as 16_16_32_16_32_32_16_16, for models that turn pictures into pictures.</source>
        <translation>너비 대신: 16_16_32_16_32_32_16_16처럼 GAN Compression이 서브넷을 부르는 이름. 그림을 그림으로 바꾸는 모델에 씁니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="246" />
        <source>Leave the channels at 4 px, or of the first convolution, alone.</source>
        <translation>4 px의 채널, 또는 첫 합성곱의 채널은 그대로 둡니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="249" />
        <source>Leave the channels at the full resolution, or of the last layers, alone.</source>
        <translation>최대 해상도의 채널, 또는 마지막 층들의 채널은 그대로 둡니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="252" />
        <source>Recalibrate norms</source>
        <translation>정규화 다시 맞추기</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="253" />
        <source>Take the statistics of batch norms anew for the subnet, over your folder or test pictures; networks without batch norms need none.</source>
        <translation>서브넷에 맞게 배치 정규화의 통계를 고른 폴더나 시험 그림으로 다시 냅니다. 배치 정규화가 없는 네트워크에는 필요 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="258" />
        <source>The pictures over which importance is averaged: the model's own, or those of your folder.</source>
        <translation>중요도를 평균 내는 그림: 모델 자신의 그림, 또는 고른 폴더의 그림.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="262" />
        <source>What a 3x3 convolution becomes. svd: 1x1 then 3x3; tucker2: 1x1, 3x3, 1x1; cp: 1x1, 3x3 within each channel, 1x1. Fully connected layers and 1x1 convolutions are always split by SVD.</source>
        <translation>3x3 합성곱이 무엇이 되는지. svd: 1x1 다음 3x3; tucker2: 1x1, 3x3, 1x1; cp: 1x1, 채널마다 따로 3x3, 1x1. 완전 연결 층과 1x1 합성곱은 언제나 SVD로 나눕니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="268" />
        <source>Elastic denoiser</source>
        <translation>탄력적 디노이저</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="269" />
        <source>Run a part of the channels, heads, units and blocks of a denoiser, on its weights.</source>
        <translation>디노이저의 채널, 헤드, 유닛, 블록 가운데 일부만 같은 가중치로 돌립니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="273" />
        <source>Share of what lies inside every block: groups of channels, attention heads and feed-forward units.</source>
        <translation>블록마다 안에 든 것(채널 그룹, 어텐션 헤드, 피드포워드 유닛) 가운데 돌릴 비율입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="278" />
        <source>Depth</source>
        <translation>깊이</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="279" />
        <source>Share of the blocks that run, of those that can be left out; those go first that cost least.</source>
        <translation>뺄 수 있는 블록 가운데 돌릴 비율입니다. 빼도 손해가 가장 작은 블록부터 뺍니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="284" />
        <source>Width by timestep</source>
        <translation>스텝별 너비</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="144" />
        <source>Asymmetric ranges are finer, but OpenVINO then leaves transposed convolutions in float; auto takes them for pipelines alone, which have none.</source>
        <translation>비대칭 범위가 더 세밀하지만 OpenVINO가 전치 합성곱을 부동소수로 남깁니다. auto는 전치 합성곱이 없는 파이프라인에서만 비대칭을 씁니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="170" />
        <source>Denoiser</source>
        <translation>디노이저</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="171" />
        <source>int8 is for speed. weights-int8, weights-int4 and fp8 store weights in fewer bits and compute in float: for memory, not speed; fp8 is for PyTorch alone.</source>
        <translation>int8은 속도를 위한 것입니다. weights-int8, weights-int4, fp8은 가중치를 더 적은 비트로 보관하고 계산은 부동소수로 합니다. 속도가 아니라 메모리를 위한 것이며, fp8은 PyTorch에서만 됩니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="176" />
        <source>Text encoders</source>
        <translation>텍스트 인코더</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="177" />
        <source>Likewise for what reads the prompt; none leaves it as it is.</source>
        <translation>프롬프트를 읽는 부분에도 똑같이 적용합니다. 없음은 그대로 둡니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="178" />
        <source>VAE decoder</source>
        <translation>VAE 디코더</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="179" />
        <source>Likewise for what turns latents into the picture; none leaves it as it is.</source>
        <translation>잠재값을 그림으로 바꾸는 부분에도 똑같이 적용합니다. 없음은 그대로 둡니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="183" />
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="184" />
        <source>int8</source>
        <translation>int8</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="185" />
        <source>weights in int8</source>
        <translation>가중치만 int8</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="186" />
        <source>weights in int4</source>
        <translation>가중치만 int4</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="187" />
        <source>weights in fp8</source>
        <translation>가중치만 fp8</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="188" />
        <source>Error budget</source>
        <translation>오차 한도</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="189" />
        <source>Largest relative error of a component's output that auto works towards; the worst layers stay in float until it holds.</source>
        <translation>auto가 맞추려는 구성 요소 출력의 최대 상대 오차입니다. 한도를 지킬 때까지 가장 나쁜 층부터 부동소수로 남깁니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="194" />
        <source>Attention up to</source>
        <translation>어텐션 한도</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="195" />
        <source>The products inside of an attention run in int8 where the error of its own output stays within this; 0 leaves them in float. OpenVINO alone does it.</source>
        <translation>어텐션 출력의 오차가 이 값을 넘지 않으면 그 안의 곱을 int8로 계산합니다. 0이면 부동소수로 남깁니다. OpenVINO에서만 됩니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="200" />
        <location filename="../../widgets/recipes/technique_texts.py" line="463" />
        <source>Attention</source>
        <translation>어텐션</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="201" />
        <source>Smoothing strength of an attention's linear layers; empty for the common one.</source>
        <translation>어텐션 선형 층의 평활화 세기입니다. 비우면 공통 값을 씁니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="205" />
        <location filename="../../widgets/recipes/technique_texts.py" line="471" />
        <source>Feed-forward</source>
        <translation>피드포워드</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="206" />
        <source>Smoothing strength of feed-forward layers; empty for the common one.</source>
        <translation>피드포워드 층의 평활화 세기입니다. 비우면 공통 값을 씁니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="210" />
        <location filename="../../widgets/recipes/technique_texts.py" line="479" />
        <source>Convolutions</source>
        <translation>합성곱</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="211" />
        <source>Smoothing strength of a pipeline's convolutions, 0 for none; empty for the common one.</source>
        <translation>파이프라인 합성곱의 평활화 세기입니다. 0이면 하지 않고, 비우면 공통 값을 씁니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="285" />
        <source>Spread the multiplies of that width over the steps of a run, so that steps that suffer more from narrow widths get more: 0 is the same width at every step, 1 goes all the way by what was measured.</source>
        <translation>그 너비의 곱셈을 실행의 스텝에 나누어, 좁은 너비에 더 약한 스텝이 더 많이 받게 합니다. 0이면 모든 스텝의 너비가 같고, 1이면 측정한 값을 끝까지 따릅니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="291" />
        <source>Channels</source>
        <translation>채널</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="292" />
        <source>In place of the width, for groups of channels between two convolutions.</source>
        <translation>너비 대신, 두 합성곱 사이의 채널 그룹에 쓸 비율입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="295" />
        <source>Heads</source>
        <translation>헤드</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="296" />
        <source>In place of the width, for attention heads.</source>
        <translation>너비 대신, 어텐션 헤드에 쓸 비율입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="297" />
        <source>Units</source>
        <translation>유닛</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="298" />
        <source>In place of the width, for feed-forward units.</source>
        <translation>너비 대신, 피드포워드 유닛에 쓸 비율입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="299" />
        <source>Order by importance</source>
        <translation>중요도순으로 정렬</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="300" />
        <source>Order what lies inside blocks, and the blocks themselves, by what they do along real runs first, where that was not done yet.</source>
        <translation>아직 정렬하지 않았다면, 실제로 그려 보며 잰 중요도에 따라 블록 안과 블록의 순서를 먼저 정렬합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="305" />
        <source>Runs</source>
        <translation>실행 횟수</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="306" />
        <source>How many runs importance is measured along.</source>
        <translation>중요도를 재려고 그려 볼 횟수입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="307" />
        <source>Steps of a run</source>
        <translation>실행당 스텝</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="308" />
        <source>How many steps of each run are looked at, spread over it.</source>
        <translation>한 번 그릴 때 살펴볼 스텝 수입니다. 전체에 고르게 나눕니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="309" />
        <source>Fewer steps</source>
        <translation>스텝 줄이기</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="310" />
        <source>Draw in fewer steps, with another guidance or by another sampler.</source>
        <translation>더 적은 스텝, 다른 가이던스나 다른 샘플러로 그립니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="313" />
        <source>Steps of the sampler; empty leaves them to what is drawn.</source>
        <translation>샘플러의 스텝 수. 비워 두면 그리는 것의 값을 씁니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="314" />
        <source>Guidance</source>
        <translation>가이던스</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="315" />
        <source>How strongly the prompt counts; 1 is not at all and twice as fast. Empty leaves it to what is drawn.</source>
        <translation>프롬프트를 따르는 세기. 1이면 따르지 않고 두 배 빠릅니다. 비워 두면 그리는 것의 값을 씁니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="320" />
        <source>Scheduler</source>
        <translation>스케줄러</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="321" />
        <source>The usual name of the sampler, such as euler; empty leaves it to what is drawn.</source>
        <translation>샘플러의 흔한 이름(예: euler). 비워 두면 그리는 것의 값을 씁니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="325" />
        <source>Feature reuse</source>
        <translation>특징 재사용</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="326" />
        <source>Compute the deep part of a denoiser on some steps only, and use its features again.</source>
        <translation>디노이저의 깊은 부분은 일부 스텝에서만 계산하고, 그 특징을 다시 씁니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="330" />
        <source>Interval</source>
        <translation>간격</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="331" />
        <source>How many steps apart everything is computed; the steps between use its deep features again. 1 uses nothing again.</source>
        <translation>전체를 몇 스텝마다 계산할지 정합니다. 그 사이 스텝은 깊은 특징을 다시 씁니다. 1이면 다시 쓰지 않습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="336" />
        <source>Branch</source>
        <translation>분기</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="337" />
        <source>How much the steps between compute, 0 for the least: layers of the way down of a U-Net, or blocks of a transformer besides the first.</source>
        <translation>사이 스텝에서 얼마나 계산할지 정합니다. 0이 가장 적습니다. U-Net에서는 내려가는 길의 층 수, 트랜스포머에서는 첫 블록 말고 더 돌릴 블록 수입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="342" />
        <source>Threshold</source>
        <translation>문턱값</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="343" />
        <source>For FLUX, in place of the interval: how much the first block may change for the others to be used again, decided at every step; 0 for none.</source>
        <translation>FLUX에서 간격 대신 씁니다. 첫 블록의 변화가 이 값 이하이면 나머지 블록을 다시 쓰며, 스텝마다 정합니다. 0이면 쓰지 않습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="348" />
        <source>Guidance from</source>
        <translation>가이던스 시작</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="349" />
        <source>Where in a run guidance begins, as a share of its steps; before, a step computes the prompt alone.</source>
        <translation>가이던스를 시작할 지점이며, 스텝 수에 대한 비율입니다. 그 전에는 프롬프트만 계산합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="354" />
        <source>Guidance until</source>
        <translation>가이던스 끝</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="355" />
        <source>Where in a run guidance ends, as a share of its steps; behind, a step computes the prompt alone, in half the time.</source>
        <translation>가이던스를 끝낼 지점이며, 스텝 수에 대한 비율입니다. 그 뒤에는 프롬프트만 계산해 시간이 절반만 듭니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="360" />
        <source>Distil</source>
        <translation>증류</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="361" />
        <source>Train the smaller network to draw what full draws, with full as its teacher.</source>
        <translation>전체 모델을 교사로 삼아, 작은 네트워크가 같은 그림을 그리도록 학습시킵니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="365" />
        <source>full has nothing to win back</source>
        <translation>전체 모델에는 되찾을 것이 없습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="366" />
        <source>Minutes</source>
        <translation>분</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="367" />
        <source>How long it learns. More brings it nearer to full, less and less so.</source>
        <translation>학습하는 시간입니다. 길수록 전체 모델에 가까워지지만, 갈수록 덜 가까워집니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="371" />
        <source>min</source>
        <translation>분</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="372" />
        <source>Steps</source>
        <translation>단계 수</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="373" />
        <source>In place of the minutes: how many steps it learns, which can be repeated; 0 leaves the network as it is.</source>
        <translation>시간 대신 학습할 단계 수입니다. 같은 결과를 다시 만들 수 있습니다. 0이면 네트워크를 그대로 둡니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="378" />
        <source>steps</source>
        <translation>단계</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="379" />
        <source>Learning rate</source>
        <translation>학습률</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="380" />
        <source>How far a step goes at most. It rises over the first 20 steps and falls to 0 at the end.</source>
        <translation>한 단계에서 최대로 움직이는 크기입니다. 처음 20단계 동안 올라가고 끝에서 0으로 내려갑니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="384" />
        <source>Batch</source>
        <translation>배치</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="385" />
        <source>Pictures of a step; of a pipeline, steps of full's runs.</source>
        <translation>한 단계에 쓰는 그림 수입니다. 파이프라인에서는 전체가 그리는 과정의 스텝 수입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="388" />
        <source>Weight of the difference from what full draws, in pixels and edges; of a pipeline, from what its denoiser answers; 0 leaves it out.</source>
        <translation>전체가 그린 것과의 차이(픽셀과 윤곽)의 가중치입니다. 파이프라인에서는 디노이저의 출력과의 차이입니다. 0이면 쓰지 않습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="446" />
        <source>Budget: the largest ranks that keep a share of a layer's weights; energy: the smallest ranks that keep a share of the squares of its weights. Auto is budget.</source>
        <translation>예산: 층 가중치 수의 일정 비율 안에서 가장 큰 랭크. 에너지: 가중치 제곱합의 일정 비율을 지키는 가장 작은 랭크. auto는 예산입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="451" />
        <source>multiplies</source>
        <translation>곱셈</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="455" />
        <source>Multiplies left</source>
        <translation>남길 곱셈</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="459" />
        <source>Share of the whole denoiser's multiplies that may be left, where ranks are by multiplies.</source>
        <translation>랭크를 곱셈으로 정할 때 디노이저 전체 곱셈 가운데 남겨도 되는 비율입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="467" />
        <source>Projections of attention become chains.</source>
        <translation>어텐션의 투영 층을 사슬로 바꿉니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="475" />
        <source>Feed-forward layers become chains.</source>
        <translation>피드포워드 층을 사슬로 바꿉니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="483" />
        <source>Convolutions inside of blocks become chains.</source>
        <translation>블록 안의 합성곱을 사슬로 바꿉니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="487" />
        <source>Time and modulation</source>
        <translation>시간과 변조</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="491" />
        <source>Layers that tell blocks the time become chains: they hold weights and hardly any multiplies, and every step carries their error on.</source>
        <translation>블록에 시간을 알려 주는 층을 사슬로 바꿉니다. 가중치는 많고 곱셈은 거의 없으며, 그 오차는 모든 스텝에 이어집니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="496" />
        <source>By activations</source>
        <translation>활성값 기준</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="500" />
        <source>Keep what layers give along short runs of the pipeline, not their weights. CP goes by weights in any case.</source>
        <translation>가중치가 아니라, 파이프라인을 짧게 돌릴 때 층이 내는 값을 지킵니다. CP는 언제나 가중치를 따릅니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="505" />
        <source>How many steps of short runs, four of each, layers are looked at over.</source>
        <translation>층을 살펴볼 짧은 실행의 스텝 수입니다. 실행마다 네 스텝입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="509" />
        <source>What a 3x3 convolution becomes. svd: 3x3 then 1x1; tucker2: 1x1, 3x3, 1x1; cp: 1x1, 3x3 within each channel, 1x1. Linear layers and 1x1 convolutions are always split by SVD.</source>
        <translation>3x3 합성곱이 무엇이 되는지. svd: 3x3 다음 1x1; tucker2: 1x1, 3x3, 1x1; cp: 1x1, 채널마다 따로 3x3, 1x1. 선형 층과 1x1 합성곱은 언제나 SVD로 나눕니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="515" />
        <source>Multiplies: ranks go first where they matter least for what they cost; budget: the largest ranks that keep a share of a layer's weights; energy: the smallest ranks that keep a share of the squares of what a layer gives. Auto is multiplies, with CP budget.</source>
        <translation>곱셈: 드는 값에 비해 가장 덜 중요한 랭크부터 없앱니다. 예산: 층 가중치 수의 일정 비율 안에서 가장 큰 랭크. 에너지: 층이 내는 값의 제곱합의 일정 비율을 지키는 가장 작은 랭크. auto는 곱셈이고, CP에서는 예산입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="522" />
        <source>Share of the squares of what a layer gives, or of its weights, that a chain must keep; 1 keeps all but rounding errors.</source>
        <translation>층이 내는 값, 또는 가중치의 제곱합 가운데 사슬이 지켜야 할 비율입니다. 1이면 반올림 오차만 남습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="527" />
        <source>Ratio of</source>
        <translation>비율의 기준</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="531" />
        <source>What of a whole denoiser the ratio is a share of.</source>
        <translation>비율이 디노이저 전체의 무엇에 대한 것인지 정합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="535" />
        <source>Even: every layer loses the same share; global: the least important channels of the whole network go, wherever they are. Auto is even.</source>
        <translation>고르게: 모든 층에서 같은 비율을 없앱니다. 전체에서: 어느 층에 있든 네트워크 전체에서 가장 덜 중요한 채널을 없앱니다. auto는 고르게입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="540" />
        <source>Groups of channels between two convolutions may go.</source>
        <translation>두 합성곱 사이의 채널 묶음을 없앨 수 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="544" />
        <source>Attention heads may go.</source>
        <translation>어텐션 헤드를 없앨 수 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="548" />
        <source>Units of feed-forward layers may go.</source>
        <translation>피드포워드 층의 유닛을 없앨 수 있습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="552" />
        <source>What makes a group of channels, a head or a unit worth keeping. l1, l2: the weights that read it; activation: what it adds to its block along short runs; taylor: how much the denoiser's answers would change without it.</source>
        <translation>채널 묶음, 헤드, 유닛을 남길 가치가 무엇인지 정합니다. l1, l2: 그것을 읽는 가중치. 활성값: 짧은 실행에서 블록에 더하는 값. taylor: 그것이 없을 때 디노이저의 답이 얼마나 달라지는지.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="558" />
        <source>Share to remove of the whole denoiser's multiplies, or weights.</source>
        <translation>디노이저 전체의 곱셈이나 가중치 가운데 없앨 비율입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="562" />
        <source>Even: every place loses the same share; global: what matters least for what it costs goes, wherever it is. Auto is global.</source>
        <translation>고르게: 모든 자리에서 같은 비율을 없앱니다. 전체에서: 어디에 있든 드는 값에 비해 가장 덜 중요한 것을 없앱니다. auto는 전체에서입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="567" />
        <source>In place of ratio and spread: a share to remove for each of channels, heads and units, as far as there are any, or one for every place.</source>
        <translation>비율과 분배 대신: 채널, 헤드, 유닛 가운데 있는 것마다 하나씩, 또는 자리마다 하나씩 없앨 비율입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="572" />
        <source>Keep the first block</source>
        <translation>첫 블록 유지</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="576" />
        <source>Leave the denoiser's first block alone.</source>
        <translation>디노이저의 첫 블록은 그대로 둡니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="580" />
        <source>Keep the last block</source>
        <translation>마지막 블록 유지</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="584" />
        <source>Leave the denoiser's last block alone.</source>
        <translation>디노이저의 마지막 블록은 그대로 둡니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="588" />
        <source>Steps over which importance is averaged, four of each short run; its prompts are those of your folder's text files, or different ones of Maquette's.</source>
        <translation>중요도를 평균 낼 스텝 수이며, 짧은 실행마다 네 스텝입니다. 프롬프트는 고른 폴더의 텍스트 파일의 것, 또는 Maquette의 여러 가지입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="386" />
        <source>pictures</source>
        <translation>장</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="387" />
        <source>Output loss</source>
        <translation>출력 손실</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="393" />
        <source>Feature loss</source>
        <translation>특징 손실</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="394" />
        <source>Weight of the difference between layers, through a learnt 1x1 convolution where widths differ; 0 leaves it out.</source>
        <translation>층 사이의 값이 다른 정도의 가중치입니다. 폭이 다르면 학습된 1x1 합성곱으로 맞춰 비교합니다. 0이면 쓰지 않습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="399" />
        <source>Adversarial loss</source>
        <translation>적대적 손실</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="400" />
        <source>Weight of a discriminator that tells full's pictures from the others: sharper textures, in longer runs; 0 leaves it out.</source>
        <translation>전체 모델의 그림을 가려내는 판별자의 가중치입니다. 오래 학습하면 질감이 더 또렷해집니다. 0이면 쓰지 않습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="405" />
        <source>Prompts</source>
        <translation>프롬프트</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="406" />
        <source>What full draws while it teaches: a prompt, of which the parts between commas are changed, or the path of a text file with one in each line; empty takes prompts that suit the model.</source>
        <translation>가르치는 동안 전체가 그리는 것입니다. 쉼표 사이의 부분을 바꿔 쓸 프롬프트 하나, 또는 한 줄에 하나씩 적은 텍스트 파일의 경로를 적습니다. 비우면 모델에 맞는 프롬프트를 씁니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="412" />
        <source>Narrowest width</source>
        <translation>가장 좁은 너비</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="413" />
        <source>Below 1, all widths from there to full learn at once, so that the slices of an elastic denoiser get better; 1 teaches the network as it is.</source>
        <translation>1보다 작으면 그 너비부터 전체까지 모든 너비가 함께 학습하여 탄력 디노이저의 조각이 나아집니다. 1이면 네트워크를 있는 그대로 가르칩니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="418" />
        <source>Min-SNR gamma</source>
        <translation>Min-SNR 감마</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="419" />
        <source>From which ratio of signal to noise on a timestep counts less, since an error changes little in a picture that is nearly done.</source>
        <translation>신호 대 잡음비가 이 값을 넘는 시점은 덜 셉니다. 거의 다 된 그림에서는 오차가 적게 바꾸기 때문입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="424" />
        <source>Cache</source>
        <translation>캐시</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="425" />
        <source>Memory that runs of full may fill, of which it learns.</source>
        <translation>학습에 쓰는 전체의 그리기 과정이 차지할 수 있는 메모리입니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="426" />
        <source>MB</source>
        <translation>MB</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="427" />
        <source>Precision</source>
        <translation>정밀도</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="428" />
        <source>What training computes in. Auto measures whether bf16 is faster here, and takes f32 where steps are given, so that they can be repeated.</source>
        <translation>학습을 계산하는 정밀도입니다. 자동은 여기서 bf16이 더 빠른지 재며, 단계 수가 정해져 있으면 되풀이할 수 있도록 f32를 씁니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="433" />
        <source>auto</source>
        <translation>자동</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="434" />
        <source>f32</source>
        <translation>f32</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="435" />
        <source>bf16</source>
        <translation>bf16</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="436" />
        <source>Average the weights</source>
        <translation>가중치 평균</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="437" />
        <source>Take a moving average of the weights, which is calmer than the last step.</source>
        <translation>마지막 단계보다 안정적인, 가중치의 이동 평균을 씁니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="441" />
        <source>Seed</source>
        <translation>시드</translation>
    </message>
    <message>
        <location filename="../../widgets/recipes/technique_texts.py" line="442" />
        <source>Of the pictures that it learns from; another seed gives another run.</source>
        <translation>학습에 쓸 그림을 정합니다. 시드가 다르면 결과도 달라집니다.</translation>
    </message>
</context>
<context>
    <name>Telling</name>
    <message>
        <location filename="../../widgets/diagnostics/telling.py" line="40" />
        <source>Began: %s.</source>
        <translation>시작: %s.</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/telling.py" line="45" />
        <source>Ended: %s.</source>
        <translation>끝: %s.</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/telling.py" line="24" />
        <source>Maquette %s is open.</source>
        <translation>Maquette %s을(를) 열었습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/telling.py" line="32" />
        <source>The model %s is open.</source>
        <translation>모델 %s을(를) 열었습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/diagnostics/telling.py" line="35" />
        <source>The renderer is ready, with %d threads.</source>
        <translation>렌더러가 준비되었습니다. 스레드 %d개를 씁니다.</translation>
    </message>
</context>
<context>
    <name>ThumbList</name>
    <message>
        <location filename="../../widgets/controls/thumbs.py" line="147" />
        <source>Remove</source>
        <translation>제거</translation>
    </message>
</context>
<context>
    <name>TimestepWidths</name>
    <message>
        <location filename="../../widgets/diffusion/timestep_widths.py" line="50" />
        <source>by step</source>
        <translation>스텝별</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/timestep_widths.py" line="52" />
        <source>0 is the same width at every step; towards 1, steps that suffer more from narrow widths get more of it, at about the same multiplies in the mean</source>
        <translation>0이면 모든 스텝의 너비가 같습니다. 1에 가까울수록, 좁은 너비에 더 약한 스텝이 더 넓은 너비를 받습니다. 평균 곱셈 수는 거의 같습니다</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/timestep_widths.py" line="57" />
        <source>Width of the denoiser at every step of the draft</source>
        <translation>초안의 스텝마다 디노이저의 너비</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/timestep_widths.py" line="90" />
        <source>Widths from {low} to {high}</source>
        <translation>너비 {low}에서 {high}까지</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/timestep_widths.py" line="99" />
        <source>What each step needs is measured when the insides are ordered.</source>
        <translation>스텝마다 필요한 너비는 내부를 정렬할 때 측정합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/timestep_widths.py" line="101" />
        <source>Counts once the width is below 1.</source>
        <translation>너비가 1보다 작을 때 적용됩니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/diffusion/timestep_widths.py" line="104" />
        <source>The same at every step: nothing was measured below width {width}.</source>
        <translation>모든 스텝이 같습니다. 너비 {width} 아래는 측정하지 않았습니다.</translation>
    </message>
</context>
<context>
    <name>Toolbar</name>
    <message>
        <location filename="../../widgets/toolbar.py" line="33" />
        <source>Toolbar</source>
        <translation>도구 모음</translation>
    </message>
    <message>
        <location filename="../../widgets/toolbar.py" line="93" />
        <source>What side {side} shows</source>
        <translation>{side}쪽에 보일 것</translation>
    </message>
</context>
<context>
    <name>Training</name>
    <message>
        <location filename="../../widgets/training/files.py" line="31" />
        <source>Where the result goes</source>
        <translation>결과를 둘 곳</translation>
    </message>
    <message>
        <location filename="../../widgets/training/files.py" line="33" />
        <source>Maquette model (*.safetensors)</source>
        <translation>Maquette 모델 (*.safetensors)</translation>
    </message>
    <message>
        <location filename="../../widgets/training/files.py" line="48" />
        <source>Folder of pictures</source>
        <translation>그림 폴더</translation>
    </message>
    <message>
        <location filename="../../widgets/training/opening.py" line="28" />
        <source>{name} is trained.</source>
        <translation>{name} 학습이 끝났습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/training/opening.py" line="29" />
        <source>Open the result</source>
        <translation>결과 열기</translation>
    </message>
</context>
<context>
    <name>TranslationPanel</name>
    <message>
        <location filename="../../widgets/translation/panel.py" line="54" />
        <source>Picture</source>
        <translation>그림 파일</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/panel.py" line="55" />
        <source>Drawing</source>
        <translation>그리기</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/panel.py" line="67" />
        <source>Draw from a picture</source>
        <translation>그림 파일을 보고 그립니다</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/panel.py" line="68" />
        <source>Draw from what you draw</source>
        <translation>직접 그린 것을 보고 그립니다</translation>
    </message>
    <message>
        <location filename="../../widgets/translation/panel.py" line="118" />
        <source>Draw from the drawing</source>
        <translation>직접 그린 것으로 그리기</translation>
    </message>
</context>
<context>
    <name>UnsavedWork</name>
    <message>
        <location filename="../../widgets/recovery/dialog.py" line="56" />
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <location filename="../../widgets/recovery/dialog.py" line="55" />
        <source>Delete this work for good</source>
        <translation>이 작업을 완전히 지웁니다</translation>
    </message>
    <message>
        <location filename="../../widgets/recovery/dialog.py" line="161" />
        <source>Discard for good</source>
        <translation>완전히 버리기</translation>
    </message>
    <message>
        <location filename="../../widgets/recovery/dialog.py" line="54" />
        <location filename="../../widgets/recovery/dialog.py" line="161" />
        <source>Discard</source>
        <translation>버리기</translation>
    </message>
    <message>
        <location filename="../../widgets/recovery/dialog.py" line="52" />
        <source>Go on with it</source>
        <translation>이어서 작업하기</translation>
    </message>
    <message>
        <location filename="../../widgets/recovery/dialog.py" line="46" />
        <source>Nothing was left unsaved.</source>
        <translation>저장하지 않은 작업이 없습니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/recovery/dialog.py" line="39" />
        <location filename="../../widgets/recovery/dialog.py" line="43" />
        <source>Unsaved work</source>
        <translation>저장하지 않은 작업</translation>
    </message>
    <message>
        <location filename="../../widgets/recovery/dialog.py" line="120" />
        <source>a model that cannot be told</source>
        <translation>알 수 없는 모델</translation>
    </message>
    <message>
        <location filename="../../widgets/recovery/dialog.py" line="124" />
        <source>changes to {name}</source>
        <translation>{name}에 저장하지 않은 변경</translation>
    </message>
    <message>
        <location filename="../../widgets/recovery/dialog.py" line="123" />
        <source>never saved to a file</source>
        <translation>파일로 저장한 적 없음</translation>
    </message>
    <message>
        <location filename="../../widgets/recovery/dialog.py" line="121" />
        <source>{model}, {time}</source>
        <translation>{model}, {time}</translation>
    </message>
</context>
<context>
    <name>VariantRows</name>
    <message>
        <location filename="../../widgets/variant_rows.py" line="219" />
        <source>measured at {n} steps, {target}</source>
        <translation>{n}스텝에서 측정, {target}</translation>
    </message>
    <message>
        <location filename="../../widgets/variant_rows.py" line="222" />
        <source>measured, {target}</source>
        <translation>측정, {target}</translation>
    </message>
    <message>
        <location filename="../../widgets/variant_rows.py" line="254" />
        <source>live</source>
        <translation>실시간</translation>
    </message>
    <message>
        <location filename="../../widgets/elsewhere/found.py" line="134" />
        <source>measured on {host}, {target}</source>
        <translation>{host}에서 측정, {target}</translation>
    </message>
</context>
<context>
    <name>Verifying</name>
    <message>
        <location filename="../../widgets/export/verifying.py" line="34" />
        <source>Verifying…</source>
        <translation>검증하는 중…</translation>
    </message>
    <message>
        <location filename="../../widgets/export/verifying.py" line="35" />
        <source>Verify {name}</source>
        <translation>{name} 검증</translation>
    </message>
    <message>
        <location filename="../../widgets/export/verifying.py" line="66" />
        <source>Cancelled; nothing was found out.</source>
        <translation>취소했습니다. 알아낸 것이 없습니다.</translation>
    </message>
</context>
<context>
    <name>WalkPanel</name>
    <message>
        <location filename="../../widgets/walk_panel.py" line="36" />
        <source>How the walk goes</source>
        <translation>걷는 방법</translation>
    </message>
    <message>
        <location filename="../../widgets/walk_panel.py" line="38" />
        <source>there and back</source>
        <translation>갔다가 돌아오기</translation>
    </message>
    <message>
        <location filename="../../widgets/walk_panel.py" line="39" />
        <source>one way</source>
        <translation>한쪽으로</translation>
    </message>
    <message>
        <location filename="../../widgets/walk_panel.py" line="40" />
        <source>loop over all pins</source>
        <translation>고정한 것 모두 돌기</translation>
    </message>
    <message>
        <location filename="../../widgets/walk_panel.py" line="43" />
        <source>Where the walk begins</source>
        <translation>걷기가 시작하는 곳</translation>
    </message>
    <message>
        <location filename="../../widgets/walk_panel.py" line="44" />
        <source>Where the walk ends</source>
        <translation>걷기가 끝나는 곳</translation>
    </message>
    <message>
        <location filename="../../widgets/walk_panel.py" line="48" />
        <source>pictures</source>
        <translation>그림 수</translation>
    </message>
    <message>
        <location filename="../../widgets/walk_panel.py" line="49" />
        <source>How many pictures are saved; playing shows as many as it can</source>
        <translation>저장할 그림 수. 재생할 때는 그릴 수 있는 만큼 보입니다</translation>
    </message>
    <message>
        <location filename="../../widgets/walk_panel.py" line="52" />
        <source>lasts</source>
        <translation>길이</translation>
    </message>
    <message>
        <location filename="../../widgets/walk_panel.py" line="52" />
        <source>s</source>
        <translation>초</translation>
    </message>
    <message>
        <location filename="../../widgets/walk_panel.py" line="53" />
        <source>Seconds from begin to end</source>
        <translation>처음부터 끝까지 걸리는 초</translation>
    </message>
    <message>
        <location filename="../../widgets/walk_panel.py" line="55" />
        <source>Which network draws the saved walk</source>
        <translation>저장할 걷기를 그리는 네트워크</translation>
    </message>
    <message>
        <location filename="../../widgets/walk_panel.py" line="56" />
        <source>the current subnet</source>
        <translation>현재 서브넷</translation>
    </message>
    <message>
        <location filename="../../widgets/walk_panel.py" line="57" />
        <source>full</source>
        <translation>전체</translation>
    </message>
    <message>
        <location filename="../../widgets/walk_panel.py" line="58" />
        <source>slow down at the pins</source>
        <translation>고정한 곳에서 천천히</translation>
    </message>
    <message>
        <location filename="../../widgets/walk_panel.py" line="62" />
        <source>Pin two pictures to walk from one to the other.</source>
        <translation>두 그림을 고정하면 하나에서 다른 하나로 걸어갑니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/walk_panel.py" line="68" />
        <source>from</source>
        <translation>시작</translation>
    </message>
    <message>
        <location filename="../../widgets/walk_panel.py" line="69" />
        <source>to</source>
        <translation>끝</translation>
    </message>
    <message>
        <location filename="../../widgets/walk_panel.py" line="77" />
        <source>way</source>
        <translation>방법</translation>
    </message>
    <message>
        <location filename="../../widgets/walk_panel.py" line="78" />
        <source>saved by</source>
        <translation>저장할 때</translation>
    </message>
    <message>
        <location filename="../../widgets/walk_panel.py" line="135" />
        <source>Change the walk</source>
        <translation>걷기 바꾸기</translation>
    </message>
</context>
<context>
    <name>Walking</name>
    <message>
        <location filename="../../widgets/walking.py" line="133" />
        <source>Save the walk</source>
        <translation>걷기 저장</translation>
    </message>
</context>
<context>
    <name>WeightsPage</name>
    <message>
        <location filename="../../widgets/preferences/weights_page.py" line="21" />
        <source>Choose the file for FID</source>
        <translation>FID용 파일 고르기</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/weights_page.py" line="23" />
        <source>Choose the file for LPIPS</source>
        <translation>LPIPS용 파일 고르기</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/weights_page.py" line="30" />
        <source>&amp;FID</source>
        <translation>&amp;FID</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/weights_page.py" line="34" />
        <source>Its Inception network of 2015, as PyTorch versions of FID publish it. Measured when FID is the quality of the plot.</source>
        <translation>PyTorch판 FID가 공개한 2015년 인셉션 네트워크입니다. 그래프의 품질이 FID일 때 측정합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/weights_page.py" line="40" />
        <source>&amp;LPIPS</source>
        <translation>&amp;LPIPS</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/weights_page.py" line="44" />
        <source>AlexNet or VGG16 as torchvision publishes them, or a whole LPIPS network. Then measured with everything else.</source>
        <translation>torchvision이 공개한 AlexNet이나 VGG16, 또는 LPIPS 네트워크 전체입니다. 있으면 다른 값과 함께 측정합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/weights_page.py" line="53" />
        <source>These networks come from elsewhere. Maquette fetches nothing: both numbers are measured only with files of your own.</source>
        <translation>이 네트워크들은 외부의 것입니다. Maquette는 아무것도 내려받지 않으며, 두 값은 직접 가진 파일로만 측정합니다.</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/weights_page.py" line="66" />
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/weights_page.py" line="67" />
        <source>Choose…</source>
        <translation>고르기…</translation>
    </message>
    <message>
        <location filename="../../widgets/preferences/weights_page.py" line="74" />
        <source>Weights (*.pth *.pt *.safetensors);;All files (*)</source>
        <translation>가중치 (*.pth *.pt *.safetensors);;모든 파일 (*)</translation>
    </message>
</context>
</TS>
