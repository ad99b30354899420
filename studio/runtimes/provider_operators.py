"""The ONNX operators that some execution providers document; the others name none that they lack.

Taken from the pages of ONNX Runtime on each provider. Constraints on attributes are left out: what
really ran where is read from the compiled network.
"""

from __future__ import annotations

_HEAVY = "Conv ConvTranspose Gemm MatMul"
_COREML = (  # of an ML program
    "Add ArgMax AveragePool Cast Clip Concat Conv ConvTranspose DepthToSpace Div Erf Gelu Gemm "
    "GlobalAveragePool GlobalMaxPool GridSample GroupNormalization InstanceNormalization "
    "LayerNormalization LeakyRelu MatMul Max MaxPool Mul PRelu Pow Reciprocal ReduceMax ReduceMean "
    "ReduceSum Relu Reshape Resize Round Shape Sigmoid Slice Softmax Split Sqrt Squeeze Sub Tanh "
    "Transpose Unsqueeze"
)
_QNN = (
    "Abs Add And ArgMax ArgMin Asin Atan AveragePool BatchNormalization Cast Ceil Clip Concat Conv "
    "ConvTranspose Cos CumSum DepthToSpace DequantizeLinear Div Einsum Elu Equal Exp Expand "
    "Flatten Floor Gather GatherElements Gelu Gemm GlobalAveragePool GlobalMaxPool Greater "
    "GreaterOrEqual GridSample GroupNormalization HardSigmoid HardSwish Identity "
    "InstanceNormalization LRN LSTM LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax "
    "LpNormalization MatMul Max MaxPool Mean Min Mod Mul Neg Not Or PRelu Pad Pow QuantizeLinear "
    "ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum Relu Reshape Resize Round Sigmoid Sign "
    "Sin Slice Softmax SpaceToDepth Split Sqrt Squeeze Sub Tanh Tile TopK Transpose Unsqueeze Where"
)

HEAVY = frozenset(_HEAVY.split())
"""Those that hold nearly all the arithmetic: a device that takes none of them is no help."""
COREML = frozenset(_COREML.split())
QNN = frozenset(_QNN.split())
