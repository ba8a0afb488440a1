namespace BertSharp;

/// <summary>What a model answers to a question.</summary>
/// <param name="Id">The question.</param>
/// <param name="Text">The answer; empty: there is none.</param>
/// <param name="NoAnswer">How sure the model is that there is none, on any scale (the official script's <c>na_prob</c>).</param>
internal sealed record SquadPrediction(string Id, string Text, double NoAnswer = 0)
{
    /// <summary>Predictions by their questions' ids.</summary>
    /// <exception cref="ArgumentException">A question has two.</exception>
    public static Dictionary<string, SquadPrediction> ById(IEnumerable<SquadPrediction> predictions)
    {
        Dictionary<string, SquadPrediction> found = [];
        foreach (SquadPrediction prediction in predictions)
        {
            if (!found.TryAdd(prediction.Id, prediction))
            {
                throw new ArgumentException($"The question {prediction.Id} has two predictions; expected one.", nameof(predictions));
            }
        }

        return found;
    }
}
