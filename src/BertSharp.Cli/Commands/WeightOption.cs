using System.CommandLine;

namespace BertSharp.Cli.Commands;

/// <summary><c>--weights</c>: how the linear layers of the encoder are held.</summary>
internal static class WeightOption
{
    private static readonly Dictionary<string, WeightFormat> Formats = new()
    {
        ["float32"] = WeightFormat.Float32,
        ["bfloat16"] = WeightFormat.BFloat16,
        ["int8"] = WeightFormat.Int8,
        ["int8-dynamic"] = WeightFormat.Int8Dynamic,
    };

    public static Option<string> Create()
    {
        Option<string> option = new("--weights")
        {
            Description = $"How the linear layers of the encoder are held: {string.Join(", ", Formats.Keys)} (inputs in int8 too).",
            DefaultValueFactory = _ => "float32",
            HelpName = "FORMAT",
        };
        option.AcceptOnlyFromAmong([.. Formats.Keys]);
        return option;
    }

    public static WeightFormat Parse(string name) => Formats[name];
}
