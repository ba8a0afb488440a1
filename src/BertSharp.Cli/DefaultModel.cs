using System.CommandLine;

namespace BertSharp.Cli;

/// <summary>
/// Models of our own that lie beside the program (<c>models/NAME</c>), so that some verbs answer at once, without a name and without
/// a network.
/// </summary>
internal static class DefaultModel
{
    /// <summary>Guesses words.</summary>
    public const string Masks = "bertsharp-mini";

    /// <summary>Embeds sentences.</summary>
    public const string Embeddings = "bertsharp-embed";

    /// <summary>Lets a verb answer with a model of our own where no other is given.</summary>
    public static Option<string> UseFor(Option<string> option, string name)
    {
        option.Required = false;
        option.DefaultValueFactory = _ => name;
        return option;
    }

    /// <summary>What is to be loaded: the model that was given, or the folder of our own.</summary>
    public static string Of(ParseResult parsed, Option<string> option)
    {
        string model = parsed.GetValue(option)!;
        return parsed.GetResult(option) is { Implicit: false } ? model
            : ModelFolder.FindShipped(model) ?? throw CliException.Usage($"this build comes without {model}, by which the command would answer; give another model with {option.Name}.");
    }
}
