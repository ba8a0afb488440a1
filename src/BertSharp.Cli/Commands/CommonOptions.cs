using System.CommandLine;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Commands;

/// <summary>Options that mean the same with every verb that has them.</summary>
internal static class CommonOptions
{
    public static Option<string> Model() => new("--model", "-m")
    {
        Description = "A folder in Hugging Face's layout, or the name of a model that comes with the tool or lies in the local Hugging Face cache (bert download fetches it).",
        HelpName = "MODEL",
        Required = true,
    };

    public static Option<string> Format(params string[] formats)
    {
        Option<string> option = new("--format", "-f") { Description = $"How results are written: {string.Join(", ", formats)}.", DefaultValueFactory = _ => formats[0], HelpName = "FORMAT" };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }

    public static Option<string> TextFormat() => Format(OutputFormat.Text, OutputFormat.Json, OutputFormat.Jsonl);

    public static Option<string?> Output() => new("--output", "-o") { Description = "Write the results to a file.", HelpName = "FILE" };

    /// <summary>A whole number from <paramref name="least"/> on.</summary>
    public static Option<int?> Number(string name, string description, int least, int most = int.MaxValue)
    {
        Option<int?> option = new(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            string text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
            if (!int.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out int value) || value < least || value > most)
            {
                result.AddError(most == int.MaxValue ? $"{name} is '{text}'; expected a whole number from {least} on." : $"{name} is '{text}'; expected a whole number, {least} to {most}.");
            }
        });
        return option;
    }

    public static Option<bool> Raw() => new("--raw") { Description = "The model's own numbers (logits) instead of probabilities." };

    /// <summary>Refuses a number of tokens that is more than the model takes.</summary>
    public static void RequireAtMost(int limit, int? tokens, Option option)
    {
        if (tokens > limit)
        {
            throw CliException.Usage($"{option.Name} is {tokens}; the model takes at most {limit}.");
        }
    }

    public static Option<int?> Threads() => Number("--threads", "Threads of the computation; all cores by default.", 1, 256);

    /// <summary>Sets the number of threads; the library reads it once, at its first use.</summary>
    public static void UseThreads(int? threads)
    {
        if (threads is { } number)
        {
            Environment.SetEnvironmentVariable("BERTSHARP_THREADS", number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
