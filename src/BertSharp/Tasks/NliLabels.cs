using System.Text.Json;

namespace BertSharp;

/// <summary>Which logits of a model for natural language inference are entailment and contradiction, as transformers finds them.</summary>
/// <param name="Entailment">The first entry of <c>label2id</c> that begins with "entail", in any case; the last logit where there is none.</param>
/// <param name="Contradiction">The first logit; the last where the first is entailment.</param>
/// <param name="Named">Whether such an entry was found.</param>
internal readonly record struct NliLabels(int Entailment, int Contradiction, bool Named)
{
    /// <summary>The labels of a configuration.</summary>
    /// <exception cref="CheckpointException">The id is none of the model's.</exception>
    public static NliLabels Of(BertConfig config)
    {
        int last = config.NumLabels - 1;
        return Find(config) is not { } entailment ? new NliLabels(last, 0, false)
            : entailment < 0 || entailment > last ? throw new CheckpointException("config.json", $"expected the ids 0 to {last}, found {entailment} for entailment", "label2id")
            : new NliLabels(entailment, entailment == 0 ? last : 0, true);
    }

    private static int? Find(BertConfig config)
    {
        using JsonDocument document = JsonFile.Parse(config.SourceJson ?? "{}", "config.json");
        JsonFields root = new(document.RootElement, "config.json");
        if (root.Find("label2id") is { ValueKind: JsonValueKind.Object } ids)
        {
            JsonFields fields = new(ids, "config.json");
            return ids.EnumerateObject().Where(entry => IsEntailment(entry.Name)).Select(entry => fields.Integer(entry.Name)).FirstOrDefault();
        }

        return config.Id2Label.Select((label, id) => (label, id)).Where(entry => IsEntailment(entry.label)).Select(entry => (int?)entry.id).FirstOrDefault();
    }

    private static bool IsEntailment(string label) => label.StartsWith("entail", StringComparison.OrdinalIgnoreCase);
}
