using System.CommandLine;
using System.Globalization;

namespace BertSharp.Cli.Train;

/// <summary><c>--lora r=8,alpha=16,targets=query,value</c>: settings with commas between; what has no equals sign belongs to the one before.</summary>
internal static class LoraOption
{
    private const string Expected = "expected settings such as r=8,alpha=16,dropout=0.05,targets=query,value,save=classifier,bias=none,rslora=no";

    public static Option<string?> Create() => new("--lora")
    {
        Description = "Train a low-rank adapter instead of the whole model: r, alpha, dropout, targets (ends of layers' paths, or all-linear), save (modules that are trained whole), bias (none, all, lora_only), rslora.",
        HelpName = "r=N,...",
    };

    /// <exception cref="CliException">A setting is unknown, or its value is of another kind.</exception>
    public static LoraConfig Parse(string text)
    {
        LoraConfig config = new();
        foreach ((string name, List<string> values) in Settings(text))
        {
            config = name switch
            {
                "r" => config with { Rank = (int)Number(name, values, Math.Floor) },
                "alpha" => config with { Alpha = Number(name, values) },
                "dropout" => config with { Dropout = Number(name, values) },
                "targets" when values is [LoraConfig.AllLinear] => config with { TargetPattern = LoraConfig.AllLinear },
                "targets" => config with { TargetModules = values },
                "save" => config with { ModulesToSave = values },
                "bias" => config with { Bias = One(name, values, ("none", LoraBias.None), ("all", LoraBias.All), ("lora_only", LoraBias.LoraOnly)) },
                "rslora" => config with { UseRslora = One(name, values, ("no", false), ("yes", true)) },
                _ => throw CliException.Usage($"--lora has '{name}'; {Expected}."),
            };
        }

        return config;
    }

    private static List<(string Name, List<string> Values)> Settings(string text)
    {
        List<(string Name, List<string> Values)> settings = [];
        foreach (string part in text.Split(','))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0)
            {
                settings.Add((part[..equals], [part[(equals + 1)..]]));
            }
            else if (settings.Count > 0)
            {
                settings[^1].Values.Add(part);
            }
            else
            {
                throw CliException.Usage($"--lora begins with '{part}'; {Expected}.");
            }
        }

        return settings;
    }

    private static double Number(string name, List<string> values, Func<double, double>? whole = null) =>
        values is [string text] && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && Math.Abs(number) < 1e9 && (whole is null || whole(number) == number)
            ? number
            : throw CliException.Usage($"--lora has {name}={string.Join(',', values)}; expected a{(whole is null ? "" : " whole")} number.");

    private static T One<T>(string name, List<string> values, params (string Name, T Value)[] choices) =>
        values is [string text] && Array.FindIndex(choices, choice => choice.Name == text) is >= 0 and int index
            ? choices[index].Value
            : throw CliException.Usage($"--lora has {name}={string.Join(',', values)}; expected {string.Join(", ", choices.Select(choice => choice.Name))}.");
}
