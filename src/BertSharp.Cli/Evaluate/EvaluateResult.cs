namespace BertSharp.Cli.Evaluate;

/// <summary>What a model reaches on a labelled set.</summary>
/// <param name="Examples">How many there were; of retrieval the queries.</param>
/// <param name="Figures">The figures by name.</param>
internal sealed record EvaluateResult(int Examples, IReadOnlyList<KeyValuePair<string, double>> Figures);
