using System.Text.Json.Nodes;

namespace BertSharp;

/// <summary>What a run knows beside weights and moments; it stands in every checkpoint.</summary>
internal sealed class RunState
{
    /// <summary>Steps done.</summary>
    public long Step { get; set; }

    /// <summary>The step whose model was validated last.</summary>
    public long ValidatedStep { get; set; }

    /// <summary>The best validation's score; null before the first that is a number.</summary>
    public double? BestScore { get; private set; }

    /// <summary>The step whose model is the best.</summary>
    public long BestStep { get; private set; }

    /// <summary>Validations since the best.</summary>
    public int Stale { get; private set; }

    /// <summary>Length of <c>log.jsonl</c> in bytes.</summary>
    public long LogLength { get; set; }

    /// <summary>Takes a validation's score; true where it is the best so far. NaN never is.</summary>
    public bool Take(Validation validation)
    {
        double score = validation.Score;
        bool better = !double.IsNaN(score) && (BestScore is not double best || (validation.HigherIsBetter ? score > best : score < best));
        ValidatedStep = Step;
        (BestScore, BestStep, Stale) = better ? (score, Step, 0) : (BestScore, BestStep, Stale + 1);
        return better;
    }

    /// <summary>The state as JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["step"] = Step,
        ["validated_step"] = ValidatedStep,
        ["best_score"] = BestScore is double score ? BitConverter.DoubleToInt64Bits(score) : null,
        ["best_step"] = BestStep,
        ["stale"] = Stale,
        ["log_length"] = LogLength,
    };

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static RunState FromJson(JsonNode json) => new()
    {
        Step = (long)json["step"]!,
        ValidatedStep = (long)json["validated_step"]!,
        BestScore = (long?)json["best_score"] is long bits ? BitConverter.Int64BitsToDouble(bits) : null,
        BestStep = (long)json["best_step"]!,
        Stale = (int)json["stale"]!,
        LogLength = (long)json["log_length"]!,
    };
}
