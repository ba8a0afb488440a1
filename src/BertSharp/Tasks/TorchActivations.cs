namespace BertSharp;

/// <summary>The activations of torch.nn that model folders name.</summary>
internal static class TorchActivations
{
    private static readonly (string Name, Activation Activation)[] Known =
    [
        ("Identity", Activation.None), ("Sigmoid", Activation.Sigmoid), ("Tanh", Activation.Tanh), ("ReLU", Activation.Relu),
        ("GELU", Activation.Gelu), ("SiLU", Activation.Silu), ("Mish", Activation.Mish), ("ReLU6", Activation.Relu6), ("LeakyReLU", Activation.LeakyRelu),
    ];

    /// <summary>All names, for errors.</summary>
    public static string Names => string.Join(", ", Known.Select(row => row.Name));

    /// <summary>The activation of a class without its module, with the class's default arguments; null where it is another.</summary>
    public static Activation? Find(string name) => Known.Where(row => row.Name == name).Select(row => (Activation?)row.Activation).FirstOrDefault();
}
