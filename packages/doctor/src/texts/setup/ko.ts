import type { FindingText } from "../../texts.js";

// What is wrong before the first step: with the loss, the data, or the initial values.

export const lossDoesNotFit: FindingText = {
  title: {
    oneOutput: "출력이 하나뿐인 교차 엔트로피",
    softmax: "로짓용 교차 엔트로피 앞의 소프트맥스",
    sigmoid: "로짓용 교차 엔트로피 앞의 시그모이드",
    bounded: "범위가 제한된 로짓",
    outOfReach: "마지막 층이 낼 수 없는 타깃 값",
    other: "서로 맞지 않는 손실 함수와 마지막 층",
  },
  meaning: {
    oneOutput:
      "신경망의 출력이 하나입니다. 값 하나의 소프트맥스는 항상 1이므로 손실이 0이고 " +
      "기울기가 없습니다.",
    softmax:
      "{loss} 함수는 로짓을 받아 소프트맥스를 스스로 적용하는데, 그 앞에서 {layer} 층이 " +
      "이미 소프트맥스를 적용합니다. 확률을 로짓으로 받아들이므로 클래스가 {classes#}개일 " +
      "때 손실이 {least} 아래로 내려갈 수 없고 기울기도 작습니다.",
    sigmoid:
      "{loss} 함수는 로짓을 받아 스스로 확률로 바꾸는데, 그 앞에서 {layer} 층이 이미 " +
      "확률로 바꿉니다. 0과 1 사이의 값을 로짓으로 받아들이므로 어떤 답도 확신할 수 " +
      "없습니다.",
    bounded:
      "{loss} 함수는 임의의 실수인 로짓을 받는데, {layer} 층({type})은 제한된 범위의 값만 " +
      "냅니다. 그래서 낼 수 없는 답이 많습니다.",
    outOfReach:
      "타깃은 {min}에서 {max} 사이에 있는데, {layer} 층({type})은 이 값을 모두 낼 수는 " +
      "없습니다.",
  },
  tip: {
    oneOutput:
      "출력이 하나라면 binaryCrossEntropy를 쓰고, 그렇지 않으면 마지막 층의 출력을 클래스 " +
      "수만큼 두세요.",
    softmax:
      "{layer} 층을 빼고 완전 연결 층으로 끝내세요. 소프트맥스는 확률을 보여 줄 때만 " +
      "적용합니다.",
    sigmoid:
      "{layer} 층을 빼고 완전 연결 층으로 끝내세요. 시그모이드는 확률을 보여 줄 때만 " +
      "적용합니다.",
    bounded: "{layer} 층을 빼고 완전 연결 층으로 끝내세요.",
    outOfReach: "{layer} 층을 빼거나, 타깃을 그 층이 낼 수 있는 범위로 스케일링하세요.",
  },
};

export const batchNormOfOne: FindingText = {
  title: "예제 하나짜리 배치에 쓴 배치 정규화",
  meaning: {
    one:
      "{layer} 층이 예제 하나로 된 배치를 정규화합니다. 평균은 그 값 자체이고 표준 편차는 " +
      "0이므로, 입력이 무엇이든 출력이 같습니다.",
    oneImage:
      "{layer} 층이 예제 하나로 된 배치를 정규화합니다(채널당 값 {values#}개). 통계량이 " +
      "데이터 전체가 아니라 그 예제 하나의 것입니다.",
    last:
      "에포크의 마지막 배치에 예제가 하나뿐입니다. 이 배치에서 {layer} 층은 입력과 " +
      "무관하게 같은 출력을 내고, 이동 평균 통계량도 흐트러집니다.",
  },
  tip: {
    one: "배치 크기를 16 이상으로 하거나, batchNorm 대신 layerNorm을 쓰세요.",
    oneImage: "배치 크기를 16 이상으로 하거나, batchNorm 대신 groupNorm을 쓰세요.",
    last: "마지막 배치를 버리거나(dropLast: true) 배치 크기를 바꾸세요.",
  },
};

export const labelsOutOfRange: FindingText = {
  title: {
    fromOne: "1부터 세는 레이블",
    binary: "확률이 아닌 타깃",
    other: "클래스에 해당하지 않는 레이블",
  },
  meaning: {
    binary:
      "타깃이 {min}에서 {max} 사이에 있습니다. 이진 교차 엔트로피의 타깃은 0에서 1 사이의 " +
      "확률이어야 합니다. 다른 값이면 손실에 최솟값이 없습니다.",
    other:
      "레이블이 {min}에서 {max} 사이에 있습니다. 출력이 {classes#}개이면 레이블은 0부터 " +
      "{largest#}까지의 정수여야 합니다.",
  },
  tip: {
    binary: "타깃을 0과 1로 바꾸세요. 작은 쪽 레이블을 빼거나 −1을 0으로 바꾸면 됩니다.",
    fromOne: "모든 레이블에서 1을 빼세요.",
    other: "레이블 번호를 0부터 다시 매기거나, 레이블마다 출력을 하나씩 두세요.",
  },
};

export const missingClass: FindingText = {
  title: {
    whole: "한 번도 나오지 않는 클래스",
    read: "나오지 않은 클래스",
    other: "한 번도 나오지 않는 클래스",
  },
  meaning: {
    whole:
      "클래스 {classes#}개 가운데 {missing#}개가 훈련 예제 {examples#}개에 한 번도 나오지 " +
      "않습니다: {labels}. 신경망은 이 클래스를 답하지 않는 것만 배우게 됩니다.",
    read:
      "클래스 {classes#}개 가운데 {missing#}개가 읽어 본 예제 {examples#}개에 나오지 " +
      "않았습니다: {labels}. 나머지 예제에도 없다면 신경망은 이 클래스를 답하지 않는 " +
      "것만 배우게 됩니다.",
  },
  tip:
    "읽어 들인 레이블을 직접 확인하세요. 빠진 파일이 있거나 번호가 다르게 매겨져 있지 " +
    "않나요? 문제가 없다면 출력 수를 줄이세요.",
};

export const constantInputs: FindingText = {
  title: "모두 같은 입력",
  meaning: {
    all:
      "훈련 예제 {examples#}개에서 특성 {features#}개가 모두 값이 변하지 않습니다. 예제를 " +
      "구별할 방법이 없습니다.",
    most:
      "훈련 예제 {examples#}개에서 특성 {features#}개 중 {constant%}는 값이 변하지 " + "않습니다.",
    batch: "입력 배치의 모든 값이 {value}입니다.",
  },
  tip:
    "신경망이 실제로 받는 예제를 몇 개 들여다보세요. 읽기, 형 변환, 스케일링이 생각대로 " +
    "되었나요? 정말로 변하지 않는 특성은 빼세요.",
};

export const unscaledInputs: FindingText = {
  title: {
    large: "스케일링하지 않은 입력: 값이 너무 큼",
    small: "스케일링하지 않은 입력: 값이 너무 작음",
    unequal: "크기가 크게 다른 특성",
    offCentre: "0에서 멀리 떨어진 입력",
    targets: "스케일링하지 않은 타깃",
    other: "스케일링하지 않은 입력",
  },
  meaning: {
    large:
      "입력의 평균은 {mean}, 표준 편차는 {std}입니다. 초깃값과 학습률은 평균 0, 표준 편차 " +
      "1 정도의 입력을 전제로 하므로, 활성값과 기울기가 처음부터 {size}배 큽니다.",
    small:
      "입력의 평균은 {mean}, 표준 편차는 {std}입니다. 초깃값과 학습률은 평균 0, 표준 편차 " +
      "1 정도의 입력을 전제로 하므로, 신경망 안의 신호가 처음부터 약합니다.",
    unequal:
      "표준 편차가 가장 큰 특성은 특성들의 중앙값의 {ratio}배입니다. 한 특성에 맞는 " +
      "학습률이 다른 특성에는 맞지 않습니다.",
    offCentre:
      "특성이 0에서 표준 편차의 {ratio}배만큼 떨어져 있습니다(평균 {mean}). 예제 사이의 " +
      "차이가 공통된 값에 묻힙니다.",
    targets:
      "타깃의 평균은 {mean}, 표준 편차는 {std}입니다. 신경망의 출력은 처음에 1 정도이고, " +
      "학습률도 그 정도 크기의 타깃을 전제로 합니다.",
  },
  tip: {
    large:
      "입력을 평균 0, 표준 편차 1로 표준화하거나(standardize), 바이트라면 [0, 1] 범위로 " +
      "바꾸세요.",
    small: "입력을 평균 0, 표준 편차 1로 표준화하세요(standardize). 두 번 나눈 것은 아닌가요?",
    unequal: "특성마다 평균 0, 표준 편차 1이 되도록 표준화하세요(standardize).",
    offCentre: "특성마다 평균을 빼고 표준 편차로 나누세요(standardize).",
    targets:
      "타깃에서 평균을 빼고 표준 편차로 나누세요. 신경망의 답은 반대로 계산해서 원래 " +
      "단위로 되돌립니다.",
  },
};

export const initialValuesTooLarge: FindingText = {
  title: "너무 큰 초깃값",
  meaning: {
    loss:
      "첫 손실이 {loss}입니다. 훈련하기 전에는 {expected} 정도가 보통입니다. 처음부터 " +
      "틀린 답의 확률이 지나치게 높습니다.",
    lossOfLayer:
      "첫 손실이 {loss}입니다. 훈련하기 전에는 {expected} 정도가 보통입니다. {layer} 층이 입력을 {gain}배로 키웁니다.",
    layer: "{layer} 층이 입력을 {gain}배로 키웁니다. 1배 정도가 알맞습니다.",
  },
  tip:
    "커널의 초깃값으로 heNormal(ReLU를 쓸 때)이나 glorotUniform(tanh나 시그모이드를 쓸 " +
    "때)을, 편향의 초깃값으로 0을 쓰세요.",
};

export const initialValuesTooSmall: FindingText = {
  title: "너무 작은 초깃값",
  meaning:
    "층마다 신호가 줄어듭니다. {layer} 층에서는 입력의 {gain}배가 됩니다. 기울기는 다른 " +
    "층들을 거치면서 커 봐야 {product}배가 되므로 어느 층도 학습을 시작하지 못합니다.",
  tip:
    "커널의 초깃값으로 heNormal(ReLU를 쓸 때)이나 glorotUniform(tanh나 시그모이드를 쓸 " +
    "때)을 쓰세요.",
};

export const equalUnits: FindingText = {
  title: "모두 같은 유닛",
  meaning:
    "{layer} 층의 커널은 모든 값이 {value}(으)로, {next} 층의 커널은 모든 값이 " +
    "{nextValue}(으)로 시작합니다. 그래서 {layer} 층의 유닛 {units#}개는 출력도 기울기도 " +
    "같고, 하나뿐인 것처럼 언제까지나 같습니다.",
  tip:
    "커널의 초깃값을 무작위로 뽑으세요: heNormal(ReLU를 쓸 때)이나 glorotUniform을 쓰면 " +
    "됩니다.",
};
