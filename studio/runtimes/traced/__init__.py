"""Networks that are traced: into OpenVINO and ONNX Runtime, in float and with rounded weights."""
