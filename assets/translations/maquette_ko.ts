<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
    <context>
        <name>Actions</name>
        <message>
            <source>&amp;Open…</source>
            <translation>열기(&amp;O)…</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>열기</translation>
        </message>
        <message>
            <source>&amp;Save session</source>
            <translation>세션 저장(&amp;S)</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>저장</translation>
        </message>
        <message>
            <source>Save session &amp;as…</source>
            <translation>다른 이름으로 세션 저장(&amp;A)…</translation>
        </message>
        <message>
            <source>Save the &amp;shown picture…</source>
            <translation>보이는 그림 저장(&amp;H)…</translation>
        </message>
        <message>
            <source>Save the wa&amp;lk…</source>
            <translation>걷기 저장(&amp;L)…</translation>
        </message>
        <message>
            <source>Save…</source>
            <translation>저장…</translation>
        </message>
        <message>
            <source>&amp;Finish</source>
            <translation>완성(&amp;F)</translation>
        </message>
        <message>
            <source>Finish</source>
            <translation>완성</translation>
        </message>
        <message>
            <source>Finish a&amp;s…</source>
            <translation>다른 이름으로 완성(&amp;S)…</translation>
        </message>
        <message>
            <source>&amp;Quit</source>
            <translation>끝내기(&amp;Q)</translation>
        </message>
        <message>
            <source>&amp;Undo</source>
            <translation>되돌리기(&amp;U)</translation>
        </message>
        <message>
            <source>&amp;Redo</source>
            <translation>다시 하기(&amp;R)</translation>
        </message>
        <message>
            <source>New &amp;seed</source>
            <translation>새 시드(&amp;S)</translation>
        </message>
        <message>
            <source>&amp;Pin what is drawn</source>
            <translation>그린 것을 고정(&amp;P)</translation>
        </message>
        <message>
            <source>Play the &amp;walk</source>
            <translation>걷기 재생(&amp;W)</translation>
        </message>
        <message>
            <source>Play</source>
            <translation>재생</translation>
        </message>
        <message>
            <source>&amp;Keep this subnet</source>
            <translation>이 서브넷 간직(&amp;K)</translation>
        </message>
        <message>
            <source>Keep</source>
            <translation>간직</translation>
        </message>
        <message>
            <source>&amp;Measure on this computer</source>
            <translation>이 컴퓨터에서 측정(&amp;M)</translation>
        </message>
        <message>
            <source>Measure</source>
            <translation>측정</translation>
        </message>
        <message>
            <source>Make &amp;elastic…</source>
            <translation>탄력적으로 만들기(&amp;E)…</translation>
        </message>
        <message>
            <source>&amp;Full only</source>
            <translation>전체만(&amp;F)</translation>
        </message>
        <message>
            <source>&amp;Current only</source>
            <translation>현재만(&amp;C)</translation>
        </message>
        <message>
            <source>&amp;Side by side</source>
            <translation>나란히(&amp;S)</translation>
        </message>
        <message>
            <source>Side</source>
            <translation>나란히</translation>
        </message>
        <message>
            <source>&amp;Wipe</source>
            <translation>쓸어 보기(&amp;W)</translation>
        </message>
        <message>
            <source>Wipe</source>
            <translation>쓸기</translation>
        </message>
        <message>
            <source>&amp;Blink</source>
            <translation>번갈아 보기(&amp;B)</translation>
        </message>
        <message>
            <source>Blink</source>
            <translation>번갈아</translation>
        </message>
        <message>
            <source>&amp;Difference</source>
            <translation>차이(&amp;D)</translation>
        </message>
        <message>
            <source>Diff</source>
            <translation>차이</translation>
        </message>
        <message>
            <source>S&amp;wap A and B</source>
            <translation>A와 B 바꾸기(&amp;W)</translation>
        </message>
        <message>
            <source>F&amp;it</source>
            <translation>맞춤(&amp;I)</translation>
        </message>
        <message>
            <source>&amp;Actual size</source>
            <translation>실제 크기(&amp;A)</translation>
        </message>
        <message>
            <source>S&amp;mooth</source>
            <translation>부드럽게(&amp;M)</translation>
        </message>
        <message>
            <source>What it &amp;costs</source>
            <translation>드는 비용(&amp;C)</translation>
        </message>
        <message>
            <source>&amp;Reset layout</source>
            <translation>배치 초기화(&amp;R)</translation>
        </message>
        <message>
            <source>&amp;Keys</source>
            <translation>단축키(&amp;K)</translation>
        </message>
        <message>
            <source>&amp;Diagnostics…</source>
            <translation>진단(&amp;D)…</translation>
        </message>
        <message>
            <source>&amp;Log…</source>
            <translation>기록(&amp;L)…</translation>
        </message>
        <message>
            <source>&amp;Unsaved work…</source>
            <translation>저장하지 않은 작업(&amp;U)…</translation>
        </message>
        <message>
            <source>Prefere&amp;nces…</source>
            <translation>환경 설정(&amp;N)…</translation>
        </message>
        <message>
            <source>De&amp;vices…</source>
            <translation>장치(&amp;V)…</translation>
        </message>
    </context>
    <context>
        <name>AttributeSlider</name>
        <message>
            <source>Reset {name}</source>
            <translation>{name} 되돌리기</translation>
        </message>
    </context>
    <context>
        <name>Attributes</name>
        <message>
            <source>age</source>
            <translation>세월</translation>
        </message>
        <message>
            <source>backdrop</source>
            <translation>배경</translation>
        </message>
        <message>
            <source>beard</source>
            <translation>수염</translation>
        </message>
        <message>
            <source>brows</source>
            <translation>눈썹</translation>
        </message>
        <message>
            <source>cap</source>
            <translation>모자</translation>
        </message>
        <message>
            <source>cap hue</source>
            <translation>모자 색상</translation>
        </message>
        <message>
            <source>cheeks</source>
            <translation>볼</translation>
        </message>
        <message>
            <source>clay hue</source>
            <translation>점토 색상</translation>
        </message>
        <message>
            <source>clay tone</source>
            <translation>점토 밝기</translation>
        </message>
        <message>
            <source>cloth hue</source>
            <translation>옷 색상</translation>
        </message>
        <message>
            <source>ears</source>
            <translation>귀</translation>
        </message>
        <message>
            <source>eyes</source>
            <translation>눈</translation>
        </message>
        <message>
            <source>gaze</source>
            <translation>시선</translation>
        </message>
        <message>
            <source>glasses</source>
            <translation>안경</translation>
        </message>
        <message>
            <source>gloss</source>
            <translation>광택</translation>
        </message>
        <message>
            <source>hair</source>
            <translation>머리카락</translation>
        </message>
        <message>
            <source>hair hue</source>
            <translation>머리 색상</translation>
        </message>
        <message>
            <source>hairstyle</source>
            <translation>머리 모양</translation>
        </message>
        <message>
            <source>hat hue</source>
            <translation>모자 색상</translation>
        </message>
        <message>
            <source>height</source>
            <translation>머리 높이</translation>
        </message>
        <message>
            <source>jaw</source>
            <translation>턱</translation>
        </message>
        <message>
            <source>lids</source>
            <translation>눈꺼풀</translation>
        </message>
        <message>
            <source>light</source>
            <translation>조명 방향</translation>
        </message>
        <message>
            <source>light height</source>
            <translation>조명 높이</translation>
        </message>
        <message>
            <source>mouth</source>
            <translation>입</translation>
        </message>
        <message>
            <source>nod</source>
            <translation>끄덕임</translation>
        </message>
        <message>
            <source>nose</source>
            <translation>코</translation>
        </message>
        <message>
            <source>smile</source>
            <translation>미소</translation>
        </message>
        <message>
            <source>tilt</source>
            <translation>기울기</translation>
        </message>
        <message>
            <source>turn</source>
            <translation>고개 돌림</translation>
        </message>
        <message>
            <source>warmth</source>
            <translation>따뜻함</translation>
        </message>
        <message>
            <source>direction {n}</source>
            <translation>방향 {n}</translation>
        </message>
        <message>
            <source>coarse {n}</source>
            <translation>큰 틀 {n}</translation>
        </message>
        <message>
            <source>middle {n}</source>
            <translation>중간 {n}</translation>
        </message>
        <message>
            <source>fine {n}</source>
            <translation>세부 {n}</translation>
        </message>
        <message>
            <source>Reset all</source>
            <translation>모두 되돌리기</translation>
        </message>
        <message>
            <source>All attributes back to 0</source>
            <translation>모든 속성을 0으로</translation>
        </message>
        <message>
            <source>Find an attribute</source>
            <translation>속성 찾기</translation>
        </message>
        <message>
            <source>No attribute has that in its name.</source>
            <translation>이름에 그 말이 든 속성이 없습니다.</translation>
        </message>
        <message>
            <source>Found directions</source>
            <translation>찾아낸 방향</translation>
        </message>
        <message>
            <source>Directions that change the picture most, worked out from the weights (SeFa, Shen &amp; Zhou 2021, section 3)</source>
            <translation>그림을 가장 많이 바꾸는 방향. 가중치에서 계산합니다(SeFa, Shen &amp; Zhou 2021, 3절)</translation>
        </message>
        <message>
            <source>Attributes</source>
            <translation>속성</translation>
        </message>
        <message>
            <source>Found directions ({n} in use)</source>
            <translation>찾아낸 방향({n}개 사용 중)</translation>
        </message>
        <message>
            <source>{n} more</source>
            <translation>{n}개 더</translation>
        </message>
        <message>
            <source>Moves the latent w along the direction “{name}”</source>
            <translation>잠재 벡터 w를 “{name}” 방향으로 옮깁니다</translation>
        </message>
        <message>
            <source>Reset all attributes</source>
            <translation>모든 속성 되돌리기</translation>
        </message>
    </context>
    <context>
        <name>BottomPanel</name>
        <message>
            <source>Variants and what they cost</source>
            <translation>변형과 드는 비용</translation>
        </message>
        <message>
            <source>Italic: live numbers of this picture. Upright: measured on this computer.</source>
            <translation>기울임: 이 그림의 실시간 숫자. 바로 선 글자: 이 컴퓨터에서 측정.</translation>
        </message>
        <message>
            <source>Show on side {side}</source>
            <translation>{side}쪽에 보이기</translation>
        </message>
        <message>
            <source>Measure</source>
            <translation>측정</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>제거</translation>
        </message>
        <message>
            <source>name</source>
            <translation>이름</translation>
        </message>
        <message>
            <source>width</source>
            <translation>너비</translation>
        </message>
        <message>
            <source>px</source>
            <translation>px</translation>
        </message>
        <message>
            <source>Resolution in pixels</source>
            <translation>해상도(픽셀)</translation>
        </message>
        <message>
            <source>parameters</source>
            <translation>매개변수</translation>
        </message>
        <message>
            <source>MACs</source>
            <translation>MACs</translation>
        </message>
        <message>
            <source>True multiply-accumulates of one picture; no measure of speed</source>
            <translation>그림 한 장에 실제로 드는 곱셈-누산. 속도의 척도가 아닙니다</translation>
        </message>
        <message>
            <source>MACs (paper)</source>
            <translation>MACs (논문)</translation>
        </message>
        <message>
            <source>As papers count: transposed convolutions at their output size</source>
            <translation>논문 방식: 전치 합성곱을 출력 크기로 셉니다</translation>
        </message>
        <message>
            <source>Median (tenth to ninetieth percentile) of one picture here</source>
            <translation>이 컴퓨터에서 그림 한 장의 중앙값(10~90 백분위)</translation>
        </message>
        <message>
            <source>size</source>
            <translation>크기</translation>
        </message>
        <message>
            <source>latency</source>
            <translation>지연</translation>
        </message>
        <message>
            <source>Peak signal-to-noise ratio to full; higher is closer</source>
            <translation>전체에 대한 최대 신호 대 잡음비. 높을수록 가깝습니다</translation>
        </message>
        <message>
            <source>Structural similarity to full (Wang et al. 2004); 1 is equal</source>
            <translation>전체와의 구조적 유사도(Wang 외 2004). 1이면 같습니다</translation>
        </message>
        <message>
            <source>Visible difference to full (Andersson et al. 2020); 0 is none</source>
            <translation>전체와 눈에 보이는 차이(Andersson 외 2020). 0이면 없습니다</translation>
        </message>
        <message>
            <source>numbers</source>
            <translation>숫자</translation>
        </message>
        <message>
            <source>Where latency and fidelity come from</source>
            <translation>지연과 충실도가 어디서 왔는지</translation>
        </message>
    </context>
    <context>
        <name>Captions</name>
        <message>
            <source>{precision} against PyTorch f32: {psnr}</source>
            <translation>{precision} 대 PyTorch f32: {psnr}</translation>
        </message>
        <message>
            <source>equal</source>
            <translation>같음</translation>
        </message>
        <message>
            <source>not a subnet of this model</source>
            <translation>이 모델의 서브넷이 아님</translation>
        </message>
        <message>
            <source>widths {width}, {pixels} px</source>
            <translation>너비 {width}, {pixels} px</translation>
        </message>
        <message>
            <source>width {width} Anycost, {pixels} px</source>
            <translation>너비 {width} Anycost, {pixels} px</translation>
        </message>
        <message>
            <source>width {width}, {pixels} px</source>
            <translation>너비 {width}, {pixels} px</translation>
        </message>
        <message>
            <source>full, {pixels} px</source>
            <translation>전체, {pixels} px</translation>
        </message>
        <message>
            <source>full</source>
            <translation>전체</translation>
        </message>
        <message>
            <source>current</source>
            <translation>현재</translation>
        </message>
        <message>
            <source>{parameters} parameters, {macs}</source>
            <translation>매개변수 {parameters}, {macs}</translation>
        </message>
        <message>
            <source>{median} ms, {made_by}</source>
            <translation>{median} ms, {made_by}</translation>
        </message>
        <message>
            <source>{median} ms at first, {made_by}</source>
            <translation>처음 {median} ms, {made_by}</translation>
        </message>
        <message>
            <source>{median} ms ({low}–{high}), {made_by}</source>
            <translation>{median} ms ({low}–{high}), {made_by}</translation>
        </message>
        <message>
            <source>FLIP –, SSIM –, PSNR –</source>
            <translation>FLIP –, SSIM –, PSNR –</translation>
        </message>
        <message>
            <source>FLIP {flip}, SSIM {ssim}, PSNR {psnr}</source>
            <translation>FLIP {flip}, SSIM {ssim}, PSNR {psnr}</translation>
        </message>
        <message>
            <source>1 thread</source>
            <translation>스레드 1개</translation>
        </message>
        <message>
            <source>{n} threads</source>
            <translation>스레드 {n}개</translation>
        </message>
    </context>
    <context>
        <name>Card</name>
        <message>
            <source>{name} on</source>
            <translation>{name} 켜짐</translation>
        </message>
        <message>
            <source>Switch on or off</source>
            <translation>켜고 끄기</translation>
        </message>
        <message>
            <source>Menu of {name}</source>
            <translation>{name} 메뉴</translation>
        </message>
    </context>
    <context>
        <name>Choosers</name>
        <message>
            <source>Models and sessions (*.safetensors *.pt *.pth *.pkl *.maquette)</source>
            <translation>모델과 세션 (*.safetensors *.pt *.pth *.pkl *.maquette)</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>모든 파일 (*)</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>열기</translation>
        </message>
        <message>
            <source>Save picture</source>
            <translation>그림 저장</translation>
        </message>
        <message>
            <source>PNG picture (*.png)</source>
            <translation>PNG 그림 (*.png)</translation>
        </message>
        <message>
            <source>Save session</source>
            <translation>세션 저장</translation>
        </message>
        <message>
            <source>Maquette session (*.maquette)</source>
            <translation>Maquette 세션 (*.maquette)</translation>
        </message>
        <message>
            <source>Moving GIF (*.gif)</source>
            <translation>움직이는 GIF (*.gif)</translation>
        </message>
        <message>
            <source>Moving WebP (*.webp)</source>
            <translation>움직이는 WebP (*.webp)</translation>
        </message>
        <message>
            <source>Folder of numbered PNG pictures (*)</source>
            <translation>번호를 매긴 PNG 그림 폴더 (*)</translation>
        </message>
        <message>
            <source>Save the walk</source>
            <translation>걷기 저장</translation>
        </message>
    </context>
    <context>
        <name>ClassRow</name>
        <message>
            <source>class</source>
            <translation>클래스</translation>
        </message>
        <message>
            <source>Which class of the training set to draw</source>
            <translation>학습 데이터의 어느 클래스를 그릴지</translation>
        </message>
        <message>
            <source>Change the class</source>
            <translation>클래스 바꾸기</translation>
        </message>
    </context>
    <context>
        <name>Commands</name>
        <message>
            <source>Load {name}</source>
            <translation>{name} 읽기</translation>
        </message>
        <message>
            <source>Pin two pictures (P) to walk from one to the other.</source>
            <translation>두 그림을 고정하면(P) 하나에서 다른 하나로 걸어갑니다.</translation>
        </message>
        <message>
            <source>Stop the &amp;walk</source>
            <translation>걷기 멈춤(&amp;W)</translation>
        </message>
        <message>
            <source>Play the &amp;walk</source>
            <translation>걷기 재생(&amp;W)</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>멈춤</translation>
        </message>
        <message>
            <source>Play</source>
            <translation>재생</translation>
        </message>
        <message>
            <source>Finish</source>
            <translation>완성</translation>
        </message>
        <message>
            <source>Everything here is measured already.</source>
            <translation>여기 있는 것은 모두 측정했습니다.</translation>
        </message>
        <message>
            <source>Change the view</source>
            <translation>보기 바꾸기</translation>
        </message>
    </context>
    <context>
        <name>CompareView</name>
        <message>
            <source>Comparison</source>
            <translation>비교</translation>
        </message>
        <message>
            <source>Pictures</source>
            <translation>그림</translation>
        </message>
        <message>
            <source>difference appears on release</source>
            <translation>손을 떼면 차이가 나타납니다</translation>
        </message>
        <message>
            <source>{a} and {b} side by side</source>
            <translation>{a}, {b} 나란히</translation>
        </message>
        <message>
            <source>{a} left and {b} right of a divider</source>
            <translation>가름선 왼쪽 {a}, 오른쪽 {b}</translation>
        </message>
        <message>
            <source>{a} and {b} in turn</source>
            <translation>{a}, {b} 번갈아</translation>
        </message>
        <message>
            <source>difference of {a} and {b}</source>
            <translation>{a}, {b}의 차이</translation>
        </message>
    </context>
    <context>
        <name>Controller</name>
        <message>
            <source>Change where {side} runs</source>
            <translation>{side}의 실행 위치 바꾸기</translation>
        </message>
        <message>
            <source>Change {name}</source>
            <translation>{name} 바꾸기</translation>
        </message>
        <message>
            <source>New seed</source>
            <translation>새 시드</translation>
        </message>
        <message>
            <source>Change the subnet</source>
            <translation>서브넷 바꾸기</translation>
        </message>
        <message>
            <source>Change the view</source>
            <translation>보기 바꾸기</translation>
        </message>
        <message>
            <source>Swap A and B</source>
            <translation>A와 B 바꾸기</translation>
        </message>
        <message>
            <source>This subnet is kept already.</source>
            <translation>이 서브넷은 이미 간직했습니다.</translation>
        </message>
        <message>
            <source>Keep {name}</source>
            <translation>{name} 간직</translation>
        </message>
        <message>
            <source>Remove a kept subnet</source>
            <translation>간직한 서브넷 제거</translation>
        </message>
        <message>
            <source>Pin</source>
            <translation>고정</translation>
        </message>
        <message>
            <source>Remove a pin</source>
            <translation>고정 제거</translation>
        </message>
        <message>
            <source>Draw a pin</source>
            <translation>고정한 것 그리기</translation>
        </message>
        <message>
            <source>Open {name}</source>
            <translation>{name} 열기</translation>
        </message>
        <message>
            <source>Sort channels</source>
            <translation>채널 정렬</translation>
        </message>
    </context>
    <context>
        <name>Docks</name>
        <message>
            <source>What to draw</source>
            <translation>무엇을 그릴까</translation>
        </message>
        <message>
            <source>How small</source>
            <translation>얼마나 작게</translation>
        </message>
        <message>
            <source>What it costs</source>
            <translation>드는 비용</translation>
        </message>
    </context>
    <context>
        <name>ElasticForm</name>
        <message>
            <source>Choose…</source>
            <translation>고르기…</translation>
        </message>
        <message>
            <source> min</source>
            <translation>분</translation>
        </message>
        <message>
            <source>all but one</source>
            <translation>하나만 빼고 전부</translation>
        </message>
        <message>
            <source>Keep full as it is</source>
            <translation>전체를 그대로 지키기</translation>
        </message>
        <message>
            <source>Go on from the last checkpoint</source>
            <translation>마지막 체크포인트부터 이어서 하기</translation>
        </message>
        <message>
            <source>Begin</source>
            <translation>시작</translation>
        </message>
        <message>
            <source>“{text}” is not a list of numbers such as 0.25 0.5 0.75 1</source>
            <translation>“{text}”은(는) 0.25 0.5 0.75 1과 같은 숫자 목록이 아닙니다</translation>
        </message>
        <message>
            <source>Length of the training. It can be stopped earlier.</source>
            <translation>학습할 시간. 더 일찍 멈출 수 있습니다.</translation>
        </message>
        <message>
            <source>Widths that are taught to draw what full draws (sandwich rule, Yu &amp; Huang 2019; Anycost GAN, Lin et al. 2021)</source>
            <translation>전체가 그리는 것을 그리도록 가르칠 너비(sandwich rule, Yu &amp; Huang 2019; Anycost GAN, Lin 외 2021)</translation>
        </message>
        <message>
            <source>Seed of every random choice</source>
            <translation>모든 무작위 선택의 시드</translation>
        </message>
        <message>
            <source>Pictures in one step (batch size)</source>
            <translation>한 단계에 쓰는 그림 수(batch size)</translation>
        </message>
        <message>
            <source>Threads that compute; one core is left to the window</source>
            <translation>계산하는 스레드. 코어 하나는 창에 남깁니다</translation>
        </message>
        <message>
            <source>Hold the full network to the original, and repair it last</source>
            <translation>전체 네트워크를 원본에 맞춰 두고 마지막에 바로잡습니다</translation>
        </message>
        <message>
            <source>Pictures like those the model was trained on; adds an adversarial part (Goodfellow et al. 2014). Without them the model&apos;s own pictures teach.</source>
            <translation>모델이 학습한 것과 비슷한 그림. 적대적 학습이 더해집니다(Goodfellow 외 2014). 없으면 모델 자신의 그림으로 가르칩니다.</translation>
        </message>
        <message>
            <source>A training that wrote to this file was ended before its time.</source>
            <translation>이 파일에 쓰던 학습이 끝나기 전에 멈췄습니다.</translation>
        </message>
        <message>
            <source>Result</source>
            <translation>결과</translation>
        </message>
        <message>
            <source>Time</source>
            <translation>시간</translation>
        </message>
        <message>
            <source>Widths</source>
            <translation>너비</translation>
        </message>
        <message>
            <source>Batch</source>
            <translation>배치</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>시드</translation>
        </message>
        <message>
            <source>Threads</source>
            <translation>스레드</translation>
        </message>
        <message>
            <source>Pictures</source>
            <translation>그림</translation>
        </message>
        <message>
            <source>Choose where the result goes</source>
            <translation>결과를 둘 곳 고르기</translation>
        </message>
        <message>
            <source>Choose a folder of pictures</source>
            <translation>그림 폴더 고르기</translation>
        </message>
        <message>
            <source>the model&apos;s own</source>
            <translation>모델 자신의 그림</translation>
        </message>
        <message>
            <source>Takes about {minutes} min and up to {memory} GB of memory.</source>
            <translation>약 {minutes}분과 최대 {memory} GB의 메모리가 듭니다.</translation>
        </message>
    </context>
    <context>
        <name>ElasticProgress</name>
        <message>
            <source>Loss</source>
            <translation>손실</translation>
        </message>
        <message>
            <source>Loss: how far the widths are from the original, so far</source>
            <translation>손실: 지금까지 너비들이 원본에서 얼마나 떨어져 있는지</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>멈춤</translation>
        </message>
        <message>
            <source>End now and keep the best so far</source>
            <translation>지금 끝내고 가장 좋은 것을 남깁니다</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>취소</translation>
        </message>
        <message>
            <source>End now and keep nothing but the checkpoint</source>
            <translation>지금 끝내고 체크포인트만 남깁니다</translation>
        </message>
        <message>
            <source>Open the result</source>
            <translation>결과 열기</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>뒤로</translation>
        </message>
        <message>
            <source>starting</source>
            <translation>시작하는 중</translation>
        </message>
        <message>
            <source>original</source>
            <translation>원본</translation>
        </message>
        <message>
            <source>Stopped after {steps} steps in {minutes} min; the best is in {name}.</source>
            <translation>{minutes}분 동안 {steps}단계 뒤에 멈췄습니다. 가장 좋은 것이 {name}에 있습니다.</translation>
        </message>
        <message>
            <source>Trained {steps} steps in {minutes} min; the result is {name}.</source>
            <translation>{minutes}분 동안 {steps}단계를 학습했습니다. 결과는 {name}입니다.</translation>
        </message>
        <message>
            <source>Pictures that cannot be read: {count}, {name} for one.</source>
            <translation>읽을 수 없는 그림: {count}개, 그중 하나는 {name}.</translation>
        </message>
        <message>
            <source>stopping after this step</source>
            <translation>이 단계를 마치고 멈춥니다</translation>
        </message>
        <message>
            <source>full</source>
            <translation>전체</translation>
        </message>
        <message>
            <source>FLIP at first</source>
            <translation>처음 FLIP</translation>
        </message>
        <message>
            <source>FLIP now</source>
            <translation>지금 FLIP</translation>
        </message>
        <message>
            <source>PSNR now</source>
            <translation>지금 PSNR</translation>
        </message>
        <message>
            <source>equal</source>
            <translation>같음</translation>
        </message>
    </context>
    <context>
        <name>ElasticWindow</name>
        <message>
            <source>Make elastic</source>
            <translation>탄력적으로 만들기</translation>
        </message>
        <message>
            <source>Make {name} elastic</source>
            <translation>{name} 탄력적으로 만들기</translation>
        </message>
        <message>
            <source>Cancelled. The checkpoint is kept, to go on from later.</source>
            <translation>취소했습니다. 나중에 이어서 하도록 체크포인트는 남겼습니다.</translation>
        </message>
    </context>
    <context>
        <name>FoundDirections</name>
        <message>
            <source>Stages</source>
            <translation>단계</translation>
        </message>
        <message>
            <source>Which stages they are found for and act on (Karras et al. 2019, section 3.1)</source>
            <translation>어느 단계에서 찾아 어느 단계에 쓸지(Karras 외 2019, 3.1절)</translation>
        </message>
        <message>
            <source>how many</source>
            <translation>개수</translation>
        </message>
        <message>
            <source>How many of them have sliders, the strongest first</source>
            <translation>슬라이더로 보일 개수, 강한 것부터</translation>
        </message>
        <message>
            <source>stages</source>
            <translation>단계</translation>
        </message>
        <message>
            <source>Moves w along {name}: 1 is one standard deviation (SeFa, Shen &amp; Zhou 2021, section 3)</source>
            <translation>w를 {name} 방향으로 옮깁니다. 1은 표준편차 하나입니다(SeFa, Shen &amp; Zhou 2021, 3절)</translation>
        </message>
        <message>
            <source>all</source>
            <translation>모두</translation>
        </message>
        <message>
            <source>coarse</source>
            <translation>큰 틀</translation>
        </message>
        <message>
            <source>middle</source>
            <translation>중간</translation>
        </message>
        <message>
            <source>fine</source>
            <translation>세부</translation>
        </message>
        <message>
            <source>{range}, {pixels} px</source>
            <translation>{range}, {pixels} px</translation>
        </message>
        <message>
            <source>Change the stages of found directions</source>
            <translation>찾아낸 방향의 단계 바꾸기</translation>
        </message>
        <message>
            <source>Change the number of found directions</source>
            <translation>찾아낸 방향의 개수 바꾸기</translation>
        </message>
    </context>
    <context>
        <name>JobProgressBar</name>
        <message>
            <source>{n} s left</source>
            <translation>{n}초 남음</translation>
        </message>
        <message>
            <source>{n} min left</source>
            <translation>{n}분 남음</translation>
        </message>
        <message>
            <source>{n} h left</source>
            <translation>{n}시간 남음</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>취소</translation>
        </message>
        <message>
            <source>Cancel: {job}</source>
            <translation>취소: {job}</translation>
        </message>
    </context>
    <context>
        <name>Jobs</name>
        <message>
            <source>starting</source>
            <translation>시작하는 중</translation>
        </message>
    </context>
    <context>
        <name>LabelledSlider</name>
        <message>
            <source>{name}, value</source>
            <translation>{name}, 값</translation>
        </message>
        <message>
            <source>Double-click to reset</source>
            <translation>두 번 누르면 처음 값</translation>
        </message>
    </context>
    <context>
        <name>LeftPanel</name>
        <message>
            <source>Seeds</source>
            <translation>시드</translation>
        </message>
        <message>
            <source>truncation</source>
            <translation>절단</translation>
        </message>
        <message>
            <source>How far from the average: lower is safer, higher is wilder (truncation psi, Karras et al. 2019)</source>
            <translation>평균에서 얼마나 먼지: 낮으면 무난하고 높으면 대담합니다(truncation psi, Karras 외 2019)</translation>
        </message>
        <message>
            <source>noise</source>
            <translation>노이즈</translation>
        </message>
        <message>
            <source>Strength of the fine random detail; 1 is as trained</source>
            <translation>무작위 잔무늬의 세기. 1이면 학습한 그대로</translation>
        </message>
        <message>
            <source>Mix two seeds</source>
            <translation>두 시드 섞기</translation>
        </message>
        <message>
            <source>Mix two seeds ({a} and {b})</source>
            <translation>두 시드 섞기({a}, {b})</translation>
        </message>
        <message>
            <source>Pins</source>
            <translation>고정한 것</translation>
        </message>
        <message>
            <source>Press P to pin what is drawn.</source>
            <translation>P를 누르면 그린 것을 고정합니다.</translation>
        </message>
        <message>
            <source>Walk over the pins</source>
            <translation>고정한 것 사이 걷기</translation>
        </message>
        <message>
            <source>Earlier seeds</source>
            <translation>앞 시드</translation>
        </message>
        <message>
            <source>Later seeds</source>
            <translation>뒤 시드</translation>
        </message>
        <message>
            <source>Change truncation</source>
            <translation>절단 바꾸기</translation>
        </message>
        <message>
            <source>Change noise</source>
            <translation>노이즈 바꾸기</translation>
        </message>
        <message>
            <source>Change the seed</source>
            <translation>시드 바꾸기</translation>
        </message>
    </context>
    <context>
        <name>MainWindow</name>
        <message>
            <source>Something went wrong in the window; your work is still here.</source>
            <translation>창에서 문제가 생겼습니다. 작업은 그대로 있습니다.</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>되돌리기</translation>
        </message>
        <message>
            <source>Redo</source>
            <translation>다시 하기</translation>
        </message>
        <message>
            <source>Opening {name}</source>
            <translation>{name} 여는 중</translation>
        </message>
        <message>
            <source>Drawing the first picture</source>
            <translation>첫 그림을 그리는 중</translation>
        </message>
        <message>
            <source>Open a StyleGAN2 or Anycost model, or drop one here.</source>
            <translation>StyleGAN2나 Anycost 모델을 열거나 여기에 놓으세요.</translation>
        </message>
        <message>
            <source>Open…</source>
            <translation>열기…</translation>
        </message>
        <message>
            <source>Show on side {side}</source>
            <translation>{side}쪽에 보이기</translation>
        </message>
    </context>
    <context>
        <name>Measuring</name>
        <message>
            <source>Measure</source>
            <translation>측정</translation>
        </message>
    </context>
    <context>
        <name>Menus</name>
        <message>
            <source>&amp;File</source>
            <translation>파일(&amp;F)</translation>
        </message>
        <message>
            <source>&amp;Edit</source>
            <translation>편집(&amp;E)</translation>
        </message>
        <message>
            <source>&amp;View</source>
            <translation>보기(&amp;V)</translation>
        </message>
        <message>
            <source>&amp;Help</source>
            <translation>도움말(&amp;H)</translation>
        </message>
    </context>
    <context>
        <name>Mixing</name>
        <message>
            <source>Stages from seed B</source>
            <translation>시드 B에서 오는 단계</translation>
        </message>
        <message>
            <source>Which stages take their style from B: coarse ones pose and shape, fine ones colour and detail (style mixing, Karras et al. 2019, section 3.1)</source>
            <translation>어느 단계의 스타일을 B에서 가져올지. 큰 틀은 자세와 모양, 세부는 색과 무늬입니다(스타일 섞기, Karras 외 2019, 3.1절)</translation>
        </message>
        <message>
            <source>Coarse</source>
            <translation>큰 틀</translation>
        </message>
        <message>
            <source>Middle</source>
            <translation>중간</translation>
        </message>
        <message>
            <source>Fine</source>
            <translation>세부</translation>
        </message>
        <message>
            <source>None</source>
            <translation>없음</translation>
        </message>
        <message>
            <source>Mix nothing: every stage from A</source>
            <translation>섞지 않음: 모든 단계를 A에서</translation>
        </message>
        <message>
            <source>B for {pixels} px, A for the rest</source>
            <translation>{pixels} px는 B, 나머지는 A</translation>
        </message>
        <message>
            <source>Change the second seed</source>
            <translation>두 번째 시드 바꾸기</translation>
        </message>
        <message>
            <source>Mix two seeds</source>
            <translation>두 시드 섞기</translation>
        </message>
        <message>
            <source>Stop mixing</source>
            <translation>섞기 그만두기</translation>
        </message>
    </context>
    <context>
        <name>NoticeBar</name>
        <message>
            <source>Dismiss</source>
            <translation>닫기</translation>
        </message>
        <message>
            <source>Details</source>
            <translation>자세히</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>알림</translation>
        </message>
        <message>
            <source>Warning</source>
            <translation>주의</translation>
        </message>
        <message>
            <source>Error</source>
            <translation>오류</translation>
        </message>
    </context>
    <context>
        <name>Notices</name>
        <message>
            <source>Saved as {name}</source>
            <translation>{name}(으)로 저장했습니다</translation>
        </message>
        <message>
            <source>Show in folder</source>
            <translation>폴더에서 보기</translation>
        </message>
        <message>
            <source>The renderer stopped and is being started again; nothing is lost.</source>
            <translation>렌더러가 멈춰 다시 시작하는 중입니다. 잃은 것은 없습니다.</translation>
        </message>
        <message>
            <source>The renderer stopped and was started again; nothing was lost.</source>
            <translation>렌더러가 멈췄다가 다시 시작했습니다. 잃은 것은 없습니다.</translation>
        </message>
        <message>
            <source>The renderer does not start.</source>
            <translation>렌더러가 시작되지 않습니다.</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>다시 시도</translation>
        </message>
        <message>
            <source>Maquette did not close properly last time; your work is kept.</source>
            <translation>지난번에 Maquette가 제대로 닫히지 않았습니다. 작업은 보관되어 있습니다.</translation>
        </message>
        <message>
            <source>Maquette did not close properly last time; your work was restored.</source>
            <translation>지난번에 Maquette가 제대로 닫히지 않았습니다. 작업을 되살렸습니다.</translation>
        </message>
        <message>
            <source>More of it is under File, Unsaved work.</source>
            <translation>나머지는 파일 &gt; 저장하지 않은 작업에 있습니다.</translation>
        </message>
        <message>
            <source>Not now</source>
            <translation>나중에</translation>
        </message>
        <message>
            <source>Show</source>
            <translation>보기</translation>
        </message>
        <message>
            <source>The work is kept under File, Unsaved work.</source>
            <translation>작업은 파일 &gt; 저장하지 않은 작업에 보관되어 있습니다.</translation>
        </message>
    </context>
    <context>
        <name>NumberTable</name>
        <message>
            <source>Table</source>
            <translation>표</translation>
        </message>
    </context>
    <context>
        <name>Opening</name>
        <message>
            <source>Open {name}</source>
            <translation>{name} 열기</translation>
        </message>
        <message>
            <source>Sort channels of {name}</source>
            <translation>{name} 채널 정렬</translation>
        </message>
    </context>
    <context>
        <name>PictureStrip</name>
        <message>
            <source>Pictures</source>
            <translation>그림</translation>
        </message>
    </context>
    <context>
        <name>RecentMenu</name>
        <message>
            <source>Open &amp;recent</source>
            <translation>최근 파일(&amp;R)</translation>
        </message>
        <message>
            <source>Where you left off</source>
            <translation>지난번 하던 것</translation>
        </message>
        <message>
            <source>What you open appears here</source>
            <translation>연 파일이 여기에 나타납니다</translation>
        </message>
    </context>
    <context>
        <name>SecondSeed</name>
        <message>
            <source>seed B</source>
            <translation>시드 B</translation>
        </message>
        <message>
            <source>0 to {largest}</source>
            <translation>0부터 {largest}까지</translation>
        </message>
        <message>
            <source>Another second seed</source>
            <translation>다른 두 번째 시드</translation>
        </message>
    </context>
    <context>
        <name>SeedRow</name>
        <message>
            <source>seed</source>
            <translation>시드</translation>
        </message>
        <message>
            <source>0 to {largest}</source>
            <translation>0부터 {largest}까지</translation>
        </message>
        <message>
            <source>Change the seed</source>
            <translation>시드 바꾸기</translation>
        </message>
    </context>
    <context>
        <name>StageStrip</name>
        <message>
            <source>{pixels} px: seed {side}</source>
            <translation>{pixels} px: 시드 {side}</translation>
        </message>
    </context>
    <context>
        <name>Stages</name>
        <message>
            <source>{pixels} px</source>
            <translation>{pixels} px</translation>
        </message>
        <message>
            <source>Width of the layers at {pixels} px</source>
            <translation>{pixels} px 층의 너비</translation>
        </message>
    </context>
    <context>
        <name>StatusBar</name>
        <message>
            <source>What makes the pictures: device, runtime and precision</source>
            <translation>그림을 만드는 것: 장치, 런타임, 정밀도</translation>
        </message>
        <message>
            <source>Memory of this window and its helper processes</source>
            <translation>이 창과 도우미 프로세스의 메모리</translation>
        </message>
        <message>
            <source>memory {used} of {total} GB</source>
            <translation>메모리 {used} / {total} GB</translation>
        </message>
    </context>
    <context>
        <name>SubnetPanel</name>
        <message>
            <source>width</source>
            <translation>너비</translation>
        </message>
        <message>
            <source>Share of the channels of every layer. Marks: widths the model was trained for (slimmable networks, Anycost GAN, Lin et al. 2021)</source>
            <translation>모든 층에서 쓰는 채널의 비율. 눈금: 모델이 학습한 너비(slimmable networks, Anycost GAN, Lin 외 2021)</translation>
        </message>
        <message>
            <source>resolution</source>
            <translation>해상도</translation>
        </message>
        <message>
            <source>px</source>
            <translation>px</translation>
        </message>
        <message>
            <source>Where the network stops and gives its picture</source>
            <translation>네트워크가 멈추고 그림을 내는 곳</translation>
        </message>
        <message>
            <source>Per stage</source>
            <translation>단계별</translation>
        </message>
        <message>
            <source>Drag width</source>
            <translation>너비를 끌어 보세요</translation>
        </message>
        <message>
            <source>Sort channels</source>
            <translation>채널 정렬</translation>
        </message>
        <message>
            <source>Order channels by weight and style; full stays the same</source>
            <translation>가중치와 스타일로 채널을 정렬합니다. 전체는 그대로입니다</translation>
        </message>
        <message>
            <source>Subnet</source>
            <translation>서브넷</translation>
        </message>
        <message>
            <source>The channels of this model are not in order of importance: narrow subnets look poor until they are sorted.</source>
            <translation>이 모델의 채널은 중요한 순서가 아닙니다. 정렬하기 전에는 좁은 서브넷의 그림이 나쁩니다.</translation>
        </message>
        <message>
            <source>literal</source>
            <translation>그대로</translation>
        </message>
        <message>
            <source>Anycost</source>
            <translation>Anycost</translation>
        </message>
        <message>
            <source>That share of every layer</source>
            <translation>모든 층에서 그 비율만큼</translation>
        </message>
        <message>
            <source>Anycost&apos;s own: low resolutions often stay full (Lin et al. 2021)</source>
            <translation>Anycost 방식: 낮은 해상도는 대개 전체 그대로입니다(Lin 외 2021)</translation>
        </message>
        <message>
            <source>rule</source>
            <translation>규칙</translation>
        </message>
        <message>
            <source>Width rule</source>
            <translation>너비 규칙</translation>
        </message>
        <message>
            <source>How a width becomes channels</source>
            <translation>너비를 채널 수로 바꾸는 방법</translation>
        </message>
    </context>
    <context>
        <name>ThumbList</name>
        <message>
            <source>Remove</source>
            <translation>제거</translation>
        </message>
    </context>
    <context>
        <name>Toolbar</name>
        <message>
            <source>Toolbar</source>
            <translation>도구 모음</translation>
        </message>
        <message>
            <source>What side {side} shows</source>
            <translation>{side}쪽에 보일 것</translation>
        </message>
    </context>
    <context>
        <name>Training</name>
        <message>
            <source>Where the result goes</source>
            <translation>결과를 둘 곳</translation>
        </message>
        <message>
            <source>Maquette model (*.safetensors)</source>
            <translation>Maquette 모델 (*.safetensors)</translation>
        </message>
        <message>
            <source>Folder of pictures</source>
            <translation>그림 폴더</translation>
        </message>
        <message>
            <source>{name} is trained.</source>
            <translation>{name} 학습이 끝났습니다.</translation>
        </message>
        <message>
            <source>Open the result</source>
            <translation>결과 열기</translation>
        </message>
    </context>
    <context>
        <name>VariantRows</name>
        <message>
            <source>measured, {target}</source>
            <translation>측정, {target}</translation>
        </message>
        <message>
            <source>live</source>
            <translation>실시간</translation>
        </message>
    </context>
    <context>
        <name>WalkPanel</name>
        <message>
            <source>How the walk goes</source>
            <translation>걷는 방법</translation>
        </message>
        <message>
            <source>there and back</source>
            <translation>갔다가 돌아오기</translation>
        </message>
        <message>
            <source>one way</source>
            <translation>한쪽으로</translation>
        </message>
        <message>
            <source>loop over all pins</source>
            <translation>고정한 것 모두 돌기</translation>
        </message>
        <message>
            <source>Where the walk begins</source>
            <translation>걷기가 시작하는 곳</translation>
        </message>
        <message>
            <source>Where the walk ends</source>
            <translation>걷기가 끝나는 곳</translation>
        </message>
        <message>
            <source>pictures</source>
            <translation>그림 수</translation>
        </message>
        <message>
            <source>How many pictures are saved; playing shows as many as it can</source>
            <translation>저장할 그림 수. 재생할 때는 그릴 수 있는 만큼 보입니다</translation>
        </message>
        <message>
            <source>lasts</source>
            <translation>길이</translation>
        </message>
        <message>
            <source>s</source>
            <translation>초</translation>
        </message>
        <message>
            <source>Seconds from begin to end</source>
            <translation>처음부터 끝까지 걸리는 초</translation>
        </message>
        <message>
            <source>Which network draws the saved walk</source>
            <translation>저장할 걷기를 그리는 네트워크</translation>
        </message>
        <message>
            <source>the current subnet</source>
            <translation>현재 서브넷</translation>
        </message>
        <message>
            <source>full</source>
            <translation>전체</translation>
        </message>
        <message>
            <source>slow down at the pins</source>
            <translation>고정한 곳에서 천천히</translation>
        </message>
        <message>
            <source>Pin two pictures to walk from one to the other.</source>
            <translation>두 그림을 고정하면 하나에서 다른 하나로 걸어갑니다.</translation>
        </message>
        <message>
            <source>from</source>
            <translation>시작</translation>
        </message>
        <message>
            <source>to</source>
            <translation>끝</translation>
        </message>
        <message>
            <source>way</source>
            <translation>방법</translation>
        </message>
        <message>
            <source>saved by</source>
            <translation>저장할 때</translation>
        </message>
        <message>
            <source>Change the walk</source>
            <translation>걷기 바꾸기</translation>
        </message>
    </context>
    <context>
        <name>Walking</name>
        <message>
            <source>Save the walk</source>
            <translation>걷기 저장</translation>
        </message>
    </context>
    <context>
        <name>DiagnosticsDialog</name>
        <message>
            <source>Close</source>
            <translation>닫기</translation>
        </message>
        <message>
            <source>Diagnostics</source>
            <translation>진단</translation>
        </message>
        <message>
            <source>Looking around; finding the devices takes some seconds.</source>
            <translation>살펴보는 중입니다. 장치를 찾는 데 몇 초 걸립니다.</translation>
        </message>
        <message>
            <source>Save diagnostics</source>
            <translation>진단 저장</translation>
        </message>
        <message>
            <source>Save…</source>
            <translation>저장…</translation>
        </message>
        <message>
            <source>Show in folder</source>
            <translation>폴더에서 보기</translation>
        </message>
        <message>
            <source>These files help to find a mistake. Nothing is sent: they are written to one zip, which you may attach to your report. Your home folder is shown as ~. Untick what you would rather keep to yourself.</source>
            <translation>잘못을 찾는 데 도움이 되는 파일들입니다. 아무것도 전송하지 않으며, zip 파일 하나로 저장하니 신고할 때 첨부하면 됩니다. 홈 폴더는 ~로 표시됩니다. 넣고 싶지 않은 것은 선택을 해제하세요.</translation>
        </message>
        <message>
            <source>What is written</source>
            <translation>저장할 내용</translation>
        </message>
        <message>
            <source>What this file says</source>
            <translation>이 파일의 내용</translation>
        </message>
        <message>
            <source>Written to {path}</source>
            <translation>{path}에 저장했습니다</translation>
        </message>
        <message>
            <source>Zip file (*.zip)</source>
            <translation>Zip 파일 (*.zip)</translation>
        </message>
        <message>
            <source>{size} kB</source>
            <translation>{size} kB</translation>
        </message>
    </context>
    <context>
        <name>GeneralPage</name>
        <message>
            <source>&amp;Language</source>
            <translation>언어(&amp;L)</translation>
        </message>
        <message>
            <source>&amp;Theme</source>
            <translation>테마(&amp;T)</translation>
        </message>
        <message>
            <source>As the system</source>
            <translation>시스템 설정에 따름</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>어둡게</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>밝게</translation>
        </message>
        <message>
            <source>Takes effect when Maquette is started again.</source>
            <translation>Maquette를 다시 시작하면 적용됩니다.</translation>
        </message>
        <message>
            <source>&amp;Draw with</source>
            <translation>그릴 곳(&amp;D)</translation>
        </message>
        <message>
            <source>Runtime, precision and device of what has no target of its own. Where it cannot be used, PyTorch draws in its place.</source>
            <translation>따로 정하지 않은 것을 그릴 런타임, 정밀도, 장치입니다. 쓸 수 없는 곳에서는 PyTorch가 대신 그립니다.</translation>
        </message>
    </context>
    <context>
        <name>KeysPage</name>
        <message>
            <source>Bring the key of “{name}” back</source>
            <translation>“{name}”의 키를 처음대로</translation>
        </message>
        <message>
            <source>Find a command or a key</source>
            <translation>명령이나 키 찾기</translation>
        </message>
        <message>
            <source>Go to a field and press the new key.</source>
            <translation>칸으로 가서 새 키를 누르세요.</translation>
        </message>
        <message>
            <source>Key for {command}</source>
            <translation>{command} 키</translation>
        </message>
        <message>
            <source>{key} belongs to “{name}”; take it away there first.</source>
            <translation>{key} 키는 “{name}”에서 쓰고 있습니다. 먼저 거기에서 빼세요.</translation>
        </message>
        <message>
            <source>{key} moves about in every window and cannot be given away.</source>
            <translation>{key} 키는 모든 창에서 이동에 쓰이므로 다른 명령에 줄 수 없습니다.</translation>
        </message>
    </context>
    <context>
        <name>LogWindow</name>
        <message>
            <source>&amp;Show</source>
            <translation>보기(&amp;S)</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>닫기</translation>
        </message>
        <message>
            <source>Comparison</source>
            <translation>비교</translation>
        </message>
        <message>
            <source>Copy what is selected, or everything shown</source>
            <translation>선택한 부분, 또는 보이는 전부를 복사합니다</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>복사</translation>
        </message>
        <message>
            <source>Error</source>
            <translation>오류</translation>
        </message>
        <message>
            <source>Errors only</source>
            <translation>오류만</translation>
        </message>
        <message>
            <source>Everything</source>
            <translation>모두</translation>
        </message>
        <message>
            <source>Job</source>
            <translation>작업</translation>
        </message>
        <message>
            <source>Log</source>
            <translation>기록</translation>
        </message>
        <message>
            <source>Nothing has happened yet. What the renderer and the jobs say comes here.</source>
            <translation>아직 아무 일도 없었습니다. 렌더러와 작업이 남기는 말이 여기에 나타납니다.</translation>
        </message>
        <message>
            <source>Nothing of this kind has happened.</source>
            <translation>이런 일은 없었습니다.</translation>
        </message>
        <message>
            <source>Renderer</source>
            <translation>렌더러</translation>
        </message>
        <message>
            <source>Show folder</source>
            <translation>폴더 보기</translation>
        </message>
        <message>
            <source>Warning</source>
            <translation>경고</translation>
        </message>
        <message>
            <source>Warnings and errors</source>
            <translation>경고와 오류</translation>
        </message>
        <message>
            <source>Which lines are shown</source>
            <translation>보이는 줄</translation>
        </message>
        <message>
            <source>Window</source>
            <translation>창</translation>
        </message>
        <message>
            <source>Devices</source>
            <translation>장치</translation>
        </message>
        <message>
            <source>Started as process {number}.</source>
            <translation>프로세스 {number}번으로 시작했습니다.</translation>
        </message>
    </context>
    <context>
        <name>Preferences</name>
        <message>
            <source>The language changes when Maquette is started again.</source>
            <translation>언어는 Maquette를 다시 시작하면 바뀝니다.</translation>
        </message>
        <message>
            <source>The renderer starts again; nothing is lost.</source>
            <translation>렌더러를 다시 시작합니다. 잃는 것은 없습니다.</translation>
        </message>
    </context>
    <context>
        <name>PreferencesDialog</name>
        <message>
            <source>Bring all back</source>
            <translation>모두 처음대로</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>취소</translation>
        </message>
        <message>
            <source>Fill this page with what a newcomer has</source>
            <translation>이 페이지를 처음 값으로 채웁니다</translation>
        </message>
        <message>
            <source>General</source>
            <translation>일반</translation>
        </message>
        <message>
            <source>Keys</source>
            <translation>키</translation>
        </message>
        <message>
            <source>OK</source>
            <translation>확인</translation>
        </message>
        <message>
            <source>Preferences</source>
            <translation>환경 설정</translation>
        </message>
        <message>
            <source>Speed and cache</source>
            <translation>속도와 캐시</translation>
        </message>
    </context>
    <context>
        <name>SpeedPage</name>
        <message>
            <source>&amp;Threads</source>
            <translation>스레드(&amp;T)</translation>
        </message>
        <message>
            <source>A small subnet is faster on one thread and takes no more. The renderer starts again with another number; nothing is lost.</source>
            <translation>작은 서브넷은 스레드 하나에서 더 빠르며 하나만 씁니다. 수를 바꾸면 렌더러가 다시 시작하지만 잃는 것은 없습니다.</translation>
        </message>
        <message>
            <source>Cache &amp;folder</source>
            <translation>캐시 폴더(&amp;F)</translation>
        </message>
        <message>
            <source>Cache &amp;limit</source>
            <translation>캐시 한도(&amp;L)</translation>
        </message>
        <message>
            <source>Cache folder</source>
            <translation>캐시 폴더</translation>
        </message>
        <message>
            <source>Choose the cache folder</source>
            <translation>캐시 폴더 선택</translation>
        </message>
        <message>
            <source>Choose…</source>
            <translation>선택…</translation>
        </message>
        <message>
            <source>Compiled networks beyond it are removed, the longest unused first.</source>
            <translation>한도를 넘으면 컴파일된 네트워크 중 가장 오래 쓰지 않은 것부터 지웁니다.</translation>
        </message>
        <message>
            <source>Set by {variable}, which this Maquette was started with.</source>
            <translation>Maquette를 시작할 때 {variable}(으)로 정해졌습니다.</translation>
        </message>
        <message>
            <source>Show the cache folder</source>
            <translation>캐시 폴더 보기</translation>
        </message>
        <message>
            <source>Show</source>
            <translation>보기</translation>
        </message>
        <message>
            <source>The cache holds {size} now.</source>
            <translation>지금 캐시 크기는 {size}입니다.</translation>
        </message>
        <message>
            <source>What is in the old folder stays there and is made again in the new one.</source>
            <translation>이전 폴더에 있는 것은 그대로 남고, 새 폴더에 다시 만들어집니다.</translation>
        </message>
        <message>
            <source>as it comes</source>
            <translation>기본 폴더</translation>
        </message>
        <message>
            <source>automatic ({count})</source>
            <translation>자동 ({count})</translation>
        </message>
    </context>
    <context>
        <name>Telling</name>
        <message>
            <source>Began: %s.</source>
            <translation>시작: %s.</translation>
        </message>
        <message>
            <source>Ended: %s.</source>
            <translation>끝: %s.</translation>
        </message>
        <message>
            <source>Maquette %s is open.</source>
            <translation>Maquette %s을(를) 열었습니다.</translation>
        </message>
        <message>
            <source>The model %s is open.</source>
            <translation>모델 %s을(를) 열었습니다.</translation>
        </message>
        <message>
            <source>The renderer is ready, with %d threads.</source>
            <translation>렌더러가 준비되었습니다. 스레드 %d개를 씁니다.</translation>
        </message>
    </context>
    <context>
        <name>UnsavedWork</name>
        <message>
            <source>Close</source>
            <translation>닫기</translation>
        </message>
        <message>
            <source>Delete this work for good</source>
            <translation>이 작업을 완전히 지웁니다</translation>
        </message>
        <message>
            <source>Discard for good</source>
            <translation>완전히 버리기</translation>
        </message>
        <message>
            <source>Discard</source>
            <translation>버리기</translation>
        </message>
        <message>
            <source>Go on with it</source>
            <translation>이어서 작업하기</translation>
        </message>
        <message>
            <source>Nothing was left unsaved.</source>
            <translation>저장하지 않은 작업이 없습니다.</translation>
        </message>
        <message>
            <source>Unsaved work</source>
            <translation>저장하지 않은 작업</translation>
        </message>
        <message>
            <source>a model that cannot be told</source>
            <translation>알 수 없는 모델</translation>
        </message>
        <message>
            <source>changes to {name}</source>
            <translation>{name}에 저장하지 않은 변경</translation>
        </message>
        <message>
            <source>never saved to a file</source>
            <translation>파일로 저장한 적 없음</translation>
        </message>
        <message>
            <source>{model}, {time}</source>
            <translation>{model}, {time}</translation>
        </message>
    </context>
    <context>
        <name>Devices</name>
        <message>
            <source>The system</source>
            <translation>시스템</translation>
        </message>
        <message>
            <source>{name}, driver {driver}</source>
            <translation>{name}, 드라이버 {driver}</translation>
        </message>
        <message>
            <source>Not present</source>
            <translation>없음</translation>
        </message>
        <message>
            <source>Not usable</source>
            <translation>쓸 수 없음</translation>
        </message>
        <message>
            <source>Ready, for fixed sizes only</source>
            <translation>준비됨(고정 크기만)</translation>
        </message>
        <message>
            <source>Ready</source>
            <translation>준비됨</translation>
        </message>
        <message>
            <source>This computer has no {kind}.</source>
            <translation>이 컴퓨터에는 {kind}가 없습니다.</translation>
        </message>
        <message>
            <source>Ready: {count}</source>
            <translation>준비됨: {count}</translation>
        </message>
    </context>
    <context>
        <name>DevicesDialog</name>
        <message>
            <source>Devices</source>
            <translation>장치</translation>
        </message>
        <message>
            <source>Runtime</source>
            <translation>런타임</translation>
        </message>
        <message>
            <source>Kind</source>
            <translation>종류</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>장치</translation>
        </message>
        <message>
            <source>Precisions</source>
            <translation>정밀도</translation>
        </message>
        <message>
            <source>What it computes natively, or at a gain</source>
            <translation>기본으로 계산하거나 더 빠르게 계산하는 정밀도</translation>
        </message>
        <message>
            <source>Status</source>
            <translation>상태</translation>
        </message>
        <message>
            <source>Reason</source>
            <translation>이유</translation>
        </message>
        <message>
            <source>&amp;Detect again</source>
            <translation>다시 찾기(&amp;D)</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>닫기</translation>
        </message>
        <message>
            <source>Looking for devices…</source>
            <translation>장치를 찾는 중…</translation>
        </message>
    </context>
    <context>
        <name>TargetPicker</name>
        <message>
            <source>Where it runs</source>
            <translation>실행할 곳</translation>
        </message>
        <message>
            <source>It is not among what is ready here.</source>
            <translation>지금 이 컴퓨터에서 준비된 것이 아닙니다.</translation>
        </message>
    </context>
    <context>
        <name>Compiling</name>
        <message>
            <source>Compile</source>
            <translation>컴파일</translation>
        </message>
    </context>
    <context>
        <name>RuntimeCard</name>
        <message>
            <source>{wanted} subnets compiled</source>
            <translation>서브넷 {wanted}개 컴파일됨</translation>
        </message>
        <message>
            <source>{ready} of {wanted} subnets compiled</source>
            <translation>서브넷 {wanted}개 중 {ready}개 컴파일됨</translation>
        </message>
        <message>
            <source>Where side {side} runs</source>
            <translation>{side} 쪽이 실행되는 곳</translation>
        </message>
        <message>
            <source>Runs on</source>
            <translation>실행 위치</translation>
        </message>
        <message>
            <source>Looking for devices…</source>
            <translation>장치를 찾는 중…</translation>
        </message>
    </context>
</TS>
