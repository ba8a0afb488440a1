namespace BertSharp.Cli.Onnx;

/// <summary>The layers that every part of the model is made of, as nodes over a model's weights.</summary>
internal sealed class OnnxLayers(OnnxGraph graph, OnnxWeights weights, BertConfig config)
{
    /// <summary>x·Wᵀ + b of the layer at a path; x [..., inputs].</summary>
    public string Linear(string path, string x) =>
        graph.Add("Add", [graph.Add("MatMul", [x, weights.Transposed(path + ".weight")]), weights.Plain(path + ".bias")]);

    /// <summary>LayerNorm over the last axis (Ba, Kiros, Hinton 2016).</summary>
    public string LayerNorm(string path, string x) => graph.Add(
        "LayerNormalization",
        [x, weights.Plain(path + ".weight"), weights.Plain(path + ".bias")],
        OnnxAttribute.Number("axis", -1),
        OnnxAttribute.Single("epsilon", (float)config.LayerNormEps));

    /// <summary><c>hidden_act</c> as nodes of opset 17, whose formulas <see cref="HiddenAct"/> gives.</summary>
    public string Activation(HiddenAct act, string x) => act switch
    {
        HiddenAct.Gelu => Gelu(x),
        HiddenAct.GeluNew => GeluTanh(x),
        HiddenAct.QuickGelu => graph.Add("Mul", [x, graph.Add("Sigmoid", [graph.Add("Mul", [x, graph.Scalar(1.702f)])])]),
        HiddenAct.Relu => graph.Add("Relu", [x]),
        HiddenAct.Relu6 => graph.Add("Clip", [x, graph.Scalar(0f), graph.Scalar(6f)]),
        HiddenAct.Relu2 => graph.Add("Pow", [graph.Add("Relu", [x]), graph.Scalar(2f)]),
        HiddenAct.LeakyRelu => graph.Add("LeakyRelu", [x], OnnxAttribute.Single("alpha", 0.01f)),
        HiddenAct.Silu => graph.Add("Mul", [x, graph.Add("Sigmoid", [x])]),
        HiddenAct.Tanh => graph.Add("Tanh", [x]),
        HiddenAct.Sigmoid => graph.Add("Sigmoid", [x]),
        HiddenAct.Mish => graph.Add("Mul", [x, graph.Add("Tanh", [graph.Add("Softplus", [x])])]),
        HiddenAct.Linear => x,
        _ => throw new ArgumentOutOfRangeException(nameof(act), act, "Not an activation."),
    };

    // Opset 17 has no Gelu; runtimes know these five nodes and put one kernel in their place.
    private string Gelu(string x)
    {
        string erf = graph.Add("Erf", [graph.Add("Div", [x, graph.Scalar(1.41421356f)])]);
        return graph.Add("Mul", [graph.Add("Mul", [x, graph.Add("Add", [erf, graph.Scalar(1f)])]), graph.Scalar(0.5f)]);
    }

    private string GeluTanh(string x)
    {
        string cubic = graph.Add("Mul", [graph.Add("Pow", [x, graph.Scalar(3f)]), graph.Scalar(0.044715f)]);
        string tanh = graph.Add("Tanh", [graph.Add("Mul", [graph.Add("Add", [x, cubic]), graph.Scalar(0.7978845608f)])]);
        return graph.Add("Mul", [graph.Add("Mul", [x, graph.Scalar(0.5f)]), graph.Add("Add", [tanh, graph.Scalar(1f)])]);
    }
}
