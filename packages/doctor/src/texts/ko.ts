import type { Texts } from "../texts.js";
import {
  lossDoesNotFit,
  batchNormOfOne,
  labelsOutOfRange,
  missingClass,
  constantInputs,
  unscaledInputs,
  initialValuesTooLarge,
  initialValuesTooSmall,
  equalUnits,
} from "./setup/ko.js";

export const ko: Texts = {
  severities: { error: "오류", warning: "경고", hint: "참고" },
  words: { tip: "먼저 해 볼 일", reference: "참고 문헌", cause: "원인" },
  places: {
    "the gradient of parameter": "매개변수의 기울기",
    "the update of parameter": "매개변수의 업데이트",
    "the new value of parameter": "매개변수의 새 값",
    "the new value of statistic": "이동 평균 통계량의 새 값",
    "the new value of slot": "옵티마이저 상태의 새 값",
    "a rate of the optimizer": "옵티마이저의 학습률",
    "the loss": "손실",
    "a gradient or a new value": "기울기 또는 새 값",
    parameter: "매개변수",
    statistic: "이동 평균 통계량",
    slot: "옵티마이저 상태",
    penalty: "규제 항",
    layer: "층",
  },
  findings: {
    lossDoesNotFit,
    batchNormOfOne,
    labelsOutOfRange,
    missingClass,
    constantInputs,
    unscaledInputs,
    initialValuesTooLarge,
    initialValuesTooSmall,
    equalUnits,
    learningRateTooHigh: {
      title: "너무 높은 학습률",
      meaning: {
        rises:
          "손실이 {start}에서 {loss}(으)로 커졌습니다. 한 스텝에 가중치가 그 크기의 " +
          "{ratio%}만큼 바뀝니다. 보통은 0.1 % 정도입니다.",
        risesUnobserved: "손실이 {start}에서 {loss}(으)로 커졌습니다.",
        nonFinite:
          "{step#}번째 스텝에서 손실이 유한하지 않게 되었습니다. 그 전에 한 스텝에 가중치가 " +
          "그 크기의 {ratio%}만큼 바뀌었습니다. 보통은 0.1 % 정도입니다.",
        spoilt:
          "한 스텝에 가중치가 그 크기의 {ratio%}만큼 바뀌었습니다. 보통은 0.1 % 정도입니다. " +
          "{layer} 층에서 멈춘 유닛이 처음에는 {before%}였는데 지금은 {now%}입니다.",
        stays:
          "손실이 {loss}(으)로, 입력을 보지 않고 답할 때({start})보다 나을 것이 없습니다. 한 " +
          "스텝에 가중치가 그 크기의 {ratio%}만큼 바뀝니다. 보통은 0.1 % 정도입니다.",
        little:
          "손실이 {loss}에서 더 내려가지 않습니다(입력을 보지 않고 답할 때 {start}). 아직도 " +
          "한 스텝에 가중치가 그 크기의 {ratio%}만큼 바뀝니다. 보통은 0.1 % 정도입니다.",
      },
      tip: "학습률을 10분의 1로 낮추세요.",
    },
    explodingGradients: {
      title: "기울기 폭주",
      meaning: {
        always:
          "{step#}번째 스텝에서 기울기의 노름은 {gradient}, 가중치의 노름은 {value}이고, " +
          "업데이트가 가중치를 {update%} 바꾸었습니다. {layer} 층에서 가장 큽니다.",
        spike:
          "{step#}번째 스텝에서 기울기의 노름이 보통 때의 {usual}에서 {gradient}(으)로 " +
          "뛰었고, 업데이트가 가중치를 {update%} 바꾸었습니다. {layer} 층에서 가장 큽니다.",
      },
      tip: "기울기를 클리핑하세요. 옵티마이저 앞에 clipByGlobalNorm(1)을 두면 됩니다.",
    },
    penaltyTooStrong: {
      title: "너무 강한 규제 항이나 가중치 감쇠",
      meaning: {
        shrunk:
          "{steps#}스텝 뒤에 커널의 노름이 처음의 {fraction%}만 남았고, 규제 항을 뺀 손실은 " +
          "{loss}입니다. 입력을 보지 않고 답해도 {start}입니다.",
        outweighs:
          "{epoch#}번째 에포크에 규제 항을 더한 훈련 손실은 {train}인데, 규제 항을 뺀 손실은 " +
          "{loss}입니다. 입력을 보지 않고 답해도 {start}입니다.",
        unscored:
          "{steps#}스텝 뒤에 커널의 노름이 처음의 {fraction%}만 남았습니다. 신경망을 지나는 " +
          "신호가 거의 없습니다.",
      },
      tip: "먼저 규제 항 없이 훈련하고, 그다음에 처음 손실의 10분의 1을 넘지 않는 규제 항을 더하세요.",
    },
    saturatedUnits: {
      title: "포화된 유닛",
      meaning:
        "{step#}번째 스텝에서 {layer} 층 출력의 {fraction%}가 한계값에 붙어 있습니다. " +
        "거기서는 함수의 기울기가 거의 0이므로 그 앞의 층들이 거의 학습되지 않습니다.",
      tip: "{layer} 층 앞에 배치 정규화(batchNorm)를 두세요.",
    },
    deadUnits: {
      title: "죽은 유닛",
      meaning:
        "{step#}번째 스텝에서 {layer} 층 유닛의 {fraction%}가 배치의 모든 예제에 대해 " +
        "0입니다. 기울기도 0이므로 되살아나지 못합니다.",
      tip: "relu 대신 leakyRelu를 쓰고, 편향은 0에서 시작하세요.",
    },
    vanishingGradients: {
      title: "기울기 소실",
      meaning:
        "{step#}번째 스텝에서 기울기 원소의 크기가 {last} 층에서는 {lastGradient}인데 {first} " +
        "층에서는 {gradient}입니다. {layers#}개 층을 거슬러 오는 동안 {ratio}배로 줄어, 앞쪽 " +
        "층이 거의 학습되지 않습니다.",
      tip: {
        kernels:
          "모든 커널의 초깃값을 heNormal로 무작위로 뽑으세요. 아주 깊은 신경망이라면 " +
          "잔차 연결과 배치 정규화를 쓰세요.",
        other:
          "시그모이드나 tanh 대신 ReLU를 heNormal 초깃값과 함께 쓰세요. 아주 깊은 신경망이라면 " +
          "잔차 연결과 배치 정규화를 쓰세요.",
      },
    },
    noGradient: {
      title: "기울기를 받지 못하는 매개변수",
      meaning:
        "관찰한 {steps#}개 스텝 모두에서 {parameter} 매개변수의 기울기가 정확히 0이었습니다. " +
        "매개변수 {of#}개 중 {count#}개가 그렇습니다. 손실이 이 매개변수에 의존하지 않습니다.",
      tip:
        "{parameter} 매개변수에서 손실까지의 경로를 따라가 보세요. 그 층의 출력이 쓰이나요? " +
        "뒤에 오는 연산이 기울기를 전달하나요?",
    },
    dropoutTooStrong: {
      title: "너무 강한 드롭아웃",
      meaning: {
        both:
          "{layer} 층이 유닛의 {rate%}를 끕니다. {epoch#}번째 에포크가 끝났을 때 훈련 손실은 " +
          "{loss}, 드롭아웃 없이 잰 검증 손실은 {validation}입니다(입력을 보지 않고 답할 때 " +
          "{start}).",
        train:
          "{layer} 층이 유닛의 {rate%}를 끕니다. {epoch#}번째 에포크가 끝났을 때 훈련 손실은 " +
          "{loss}입니다(입력을 보지 않고 답할 때 {start}).",
      },
      tip: "{layer} 층의 비율을 0.2로 낮추고, 과적합이 보일 때만 높이세요.",
    },
    decayOfBiases: {
      title: "편향과 정규화 층에 걸린 가중치 감쇠",
      meaning: {
        strong:
          "{parameter} 등 편향이나 정규화 층의 매개변수 {count#}개도 감쇠합니다. 스텝마다 " +
          "{rate%}씩, {steps#}스텝 동안입니다. 이 값들이 0 근처에 묶이고, 신경망의 출력도 " +
          "함께 묶입니다.",
        weak:
          "{parameter} 등 편향이나 정규화 층의 매개변수 {count#}개도 감쇠합니다. 이 " +
          "매개변수들은 과적합을 일으키지 않으며, 감쇠는 신경망의 출력을 치우치게 할 뿐입니다.",
      },
      tip: "커널만 감쇠하게 하세요: only: (path, shape) => shape.length > 1.",
    },
    learningRateTooLow: {
      title: "너무 낮은 학습률",
      meaning: {
        planned:
          "손실이 {start}에서 {loss}(으)로 바뀌었을 뿐입니다. 한 스텝에 가중치가 그 크기의 " +
          "{ratio}배만큼 바뀝니다. 보통은 1e-3 정도입니다. {steps#}스텝을 다 합쳐도 " +
          "{way}배만큼만 움직일 수 있습니다.",
        open:
          "손실이 {start}에서 {loss}(으)로 바뀌었을 뿐입니다. 한 스텝에 가중치가 그 크기의 " +
          "{ratio}배만큼 바뀝니다. 보통은 1e-3 정도입니다.",
      },
      tip: "학습률을 10배로 높이고, 손실이 고르게 줄어드는 동안 다시 높여 보세요.",
    },
    rateDecayedTooEarly: {
      title: "너무 일찍 낮아진 학습률",
      meaning:
        "전체 {steps#}스텝 중 {step#}번째 스텝부터 업데이트가 처음의 1 % 이하이고, 지금은 " +
        "{update}배입니다. 그때까지 손실이 줄고 있었는데 그 뒤로는 {loss}에 머물러 있습니다.",
      tip: "학습률을 학습 전체에 걸쳐 낮추세요. cosineDecay의 steps를 {steps#}(으)로 두면 됩니다.",
    },
    nonFinite: {
      title: "유한하지 않은 손실",
      meaning: {
        measured: "데이터 값의 {fraction%}가 NaN이거나 무한대입니다.",
        data: "{step#}번째 스텝의 배치에서 입력이나 타깃에 NaN이나 무한대가 있었습니다.",
        layer:
          "{step#}번째 스텝에서 손실이 유한하지 않게 되었습니다. 출력이 가장 먼저 유한하지 " +
          "않게 된 층은 {layer}, 연산은 {type}입니다.",
        unknownLayer:
          "{step#}번째 스텝에서 손실이 유한하지 않게 되었습니다. 출력이 가장 먼저 유한하지 " +
          "않게 된 층은 {layer}입니다.",
        inside:
          "{step#}번째 스텝에서 매개변수, 기울기, 층의 출력 가운데 유한하지 않은 값이 " +
          "있습니다. 그 가운데 첫째: {place}.",
        other:
          "{step#}번째 스텝에서 값이 유한하지 않게 되었습니다. 가장 먼저 유한하지 않게 된 " +
          "것: {place}.",
      },
      tip: {
        measured: "NaN이나 무한대가 든 예제를 데이터에서 빼거나 값을 바꾸세요.",
        data: "NaN이나 무한대가 든 예제를 데이터에서 빼거나 값을 바꾸세요.",
        layer:
          "{type} 연산의 입력이 유한한 결과를 내는 범위에 머물게 하세요. 범위를 제한하거나 그 " +
          "앞에 정규화 층을 두면 됩니다.",
        unknownLayer:
          "{layer} 층의 출력이 유한하도록 입력의 범위를 제한하거나 그 앞에 정규화 층을 두세요.",
        other: "학습률을 낮추고 기울기를 클리핑하세요: clipByGlobalNorm(1).",
      },
    },
    noNonlinearity: {
      title: "비선형 함수 없이 이어진 층",
      meaning:
        "{first} 층과 {last} 층 사이에 활성화 함수가 없습니다. 선형 층 {layers#}개를 이어 " +
        "놓아도 선형 층 하나보다 더 계산하지 못합니다.",
      tip: "마지막 층을 뺀 모든 층 뒤에 relu를 넣으세요.",
    },
    notLearning: {
      title: {
        stays: "입력에서 아무것도 배우지 못하는 신경망",
        same: "어떤 입력에도 같은 답을 내는 신경망",
        byHeart: "다른 예제에는 통하지 않는 학습",
        other: "입력에서 아무것도 배우지 못하는 신경망",
      },
      meaning: {
        stays:
          "{steps#}스텝 뒤의 손실이 {loss}입니다. 입력을 보지 않고 답해도 {start}입니다. " +
          "스텝과 기울기의 크기는 보통이므로, 타깃이 입력과 관계가 없어 보입니다.",
        same:
          "{steps#}스텝 뒤의 손실이 {loss}(으)로 입력을 보지 않고 답할 때({start})와 같고, " +
          "정확도 {accuracy%}는 가장 흔한 클래스의 비율 {most%}와 같습니다.",
        byHeart:
          "훈련 손실은 {loss}까지 줄었지만 다른 예제의 손실은 {validation} 아래로 내려간 적이 " +
          "없습니다(입력을 보지 않고 답할 때 {start}). 레이블을 그저 외우고 있는 것으로 " +
          "보입니다.",
      },
      tip: {
        stays:
          "입력 열 개를 레이블과 함께 출력해서 직접 확인하세요. 따로 섞였거나 하나씩 밀리지 " +
          "않았나요?",
        same:
          "입력 열 개를 레이블과 함께 출력해서 직접 확인하고, 드문 클래스에 더 큰 가중치를 " +
          "주세요(classWeights).",
        byHeart:
          "입력 열 개를 레이블과 함께 출력해서 직접 확인하세요. 따로 섞였거나 하나씩 밀리지 " +
          "않았나요?",
      },
    },
    overfitting: {
      title: "과적합",
      meaning:
        "검증 손실이 {best#}번째 에포크에 {lowest}(으)로 가장 낮았는데 {epoch#}번째 " +
        "에포크에는 {validation}(으)로 {rise%} 높아졌습니다. 그동안 훈련 손실은 {loss}까지 " +
        "줄었습니다.",
      tip:
        "가장 좋은 에포크에서 멈추고(earlyStopping), 데이터를 늘리거나 드롭아웃이나 가중치 " +
        "감쇠를 쓰세요.",
    },
    underfitting: {
      title: "과소적합",
      meaning: {
        both:
          "{epoch#}번째 에포크에 훈련 손실이 {loss}에 머물러 있습니다. 입력을 보지 않고 답할 " +
          "때({start})의 {fraction%}이고, 검증 손실은 {validation}입니다.",
        train:
          "{epoch#}번째 에포크에 훈련 손실이 {loss}에 머물러 있습니다. 입력을 보지 않고 답할 " +
          "때({start})의 {fraction%}입니다.",
      },
      tip: "유닛이나 층을 늘리고 규제를 줄이세요.",
    },
    batchNormStatistics: {
      title: "배치와 다른 배치 정규화의 이동 평균 통계량",
      meaning: {
        momentum:
          "{layer} 층은 훈련이 아닐 때 평균 {mean}, 표준 편차 {std}(으)로 정규화하는데, " +
          "배치의 평균은 {batchMean}, 표준 편차는 {batchStd}입니다. 모멘텀이 {momentum}이므로 " +
          "{steps#}스텝 뒤에도 처음 값이 {left%} 남아 있습니다. 검증 손실은 {validation}, " +
          "훈련 손실은 {loss}입니다.",
        other:
          "{layer} 층은 훈련이 아닐 때 평균 {mean}, 표준 편차 {std}(으)로 정규화하는데, " +
          "배치의 평균은 {batchMean}, 표준 편차는 {batchStd}입니다. 검증 손실은 {validation}, " +
          "훈련 손실은 {loss}입니다.",
      },
      tip: {
        momentum: "batchNorm({ momentum: 0.9 })을 쓰거나 더 많은 스텝을 훈련하세요.",
        other: "검증 데이터를 훈련 데이터와 같은 방법으로 만들고, 배치 크기를 키우세요.",
      },
    },
    batchNotLearnt: {
      title: {
        stays: "배치 하나에서도 학습이 되지 않는 신경망",
        rests: "배치 하나를 외우지 못하는 신경망",
        other: "배치 하나를 외우지 못하는 신경망",
      },
      meaning: {
        stays:
          "같은 배치를 {steps#}스텝 훈련하는 동안 손실이 {first}에서 {last}(으)로 바뀌었고, " +
          "더 줄어들지 않습니다. 학습할 수 있는 신경망이라면 배치 하나의 손실은 줄어듭니다.",
        rests:
          "같은 배치를 {steps#}스텝 훈련하는 동안 손실이 {first}에서 {last}(으)로 바뀐 뒤 더 " +
          "줄어들지 않습니다. 같은 입력에 서로 다른 타깃이 있지 않은 한, 유닛이 충분한 " +
          "신경망은 배치 하나를 외울 수 있습니다.",
      },
      tip: {
        stays:
          "본격적으로 훈련하기 전에 실수를 찾으세요. 손실 함수, 마지막 층, 초깃값이 " +
          "잘못되었거나 학습률이 너무 낮거나 높을 수 있습니다.",
        rests:
          "유닛을 늘리고 규제를 줄여 보고, 학습률을 절반과 두 배로 바꾸어 보세요. 배치 하나의 " +
          "예제를 타깃과 함께 직접 확인하세요.",
      },
    },
  },
};
