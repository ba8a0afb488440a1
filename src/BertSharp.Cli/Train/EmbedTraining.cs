using System.CommandLine;
using System.Globalization;
using BertSharp.Cli.Commands;

namespace BertSharp.Cli.Train;

/// <summary>The options that <c>bert train --task embed</c> has of its own.</summary>
internal sealed class EmbedTraining
{
    private static readonly (string Name, EmbeddingObjective Objective)[] Losses =
    [
        ("mnrl", EmbeddingObjective.MultipleNegativesRanking),
        ("cosent", EmbeddingObjective.Cosent),
        ("cosine", EmbeddingObjective.Cosine),
        ("contrastive", EmbeddingObjective.Contrastive),
        ("triplet", EmbeddingObjective.Triplet),
        ("distill", EmbeddingObjective.Distillation),
    ];

    private static readonly EmbeddingTrainingOptions Defaults = new() { Objective = EmbeddingObjective.MultipleNegativesRanking, Data = [] };

    private readonly Option<string> _loss = new("--loss") { Description = "embed: mnrl or triplet, of anchors with positives; cosent, cosine or contrastive, of scored pairs; distill, of plain text.", DefaultValueFactory = _ => Losses[0].Name, HelpName = "NAME" };
    private readonly Option<string?> _matryoshka = new("--matryoshka") { Description = "embed: dimensions to which vectors may be cut, such as 384,256,128.", HelpName = "N,..." };
    private readonly Option<string?> _teacher = new("--teacher") { Description = "distill: the model whose vectors are learned; the one that training starts from by default.", HelpName = "MODEL" };
    private readonly Option<double> _cosineWeight = new("--cosine-weight") { Description = "distill: the weight of the cosines among an update's sentences.", DefaultValueFactory = _ => Defaults.CosineWeight, HelpName = "X" };
    private readonly Option<int?> _sentences = CommonOptions.Number("--sentences", $"distill: at most so many sentences of the text; {Defaults.Sentences} by default.", 1);
    private readonly Option<string?> _studentLayers = new("--student-layers") { Description = "embed: start from these layers of the model alone, counted from 0, and smaller embeddings.", HelpName = "N,..." };
    private readonly Option<int?> _studentEmbedding = CommonOptions.Number("--student-embedding", $"embed: dimensions of these embeddings; {Defaults.StudentEmbedding} by default.", 2, 65536);
    private readonly Option<int?> _dense = CommonOptions.Number("--dense", "embed: a new dense layer with so many outputs behind the pooling.", 1, 65536);

    public EmbedTraining() => _loss.AcceptOnlyFromAmong([.. Losses.Select(loss => loss.Name)]);

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All => [_loss, _matryoshka, _teacher, _cosineWeight, _sentences, _studentLayers, _studentEmbedding, _dense];

    /// <summary>What was asked for.</summary>
    public EmbeddingTrainingOptions Of(ParseResult parsed, IReadOnlyList<string> data, string? validation, DataOptions format, int? batchSize, LoraConfig? lora) => Defaults with
    {
        Objective = Losses.First(loss => loss.Name == parsed.GetValue(_loss)).Objective,
        Data = data,
        Validation = validation,
        Format = format,
        Matryoshka = Numbers(parsed, _matryoshka),
        Teacher = parsed.GetValue(_teacher),
        CosineWeight = (float)parsed.GetValue(_cosineWeight),
        Sentences = parsed.GetValue(_sentences) ?? Defaults.Sentences,
        StudentLayers = Numbers(parsed, _studentLayers),
        StudentEmbedding = parsed.GetValue(_studentEmbedding) ?? Defaults.StudentEmbedding,
        Dense = parsed.GetValue(_dense),
        Lora = lora,
        BatchSize = batchSize ?? Defaults.BatchSize,
    };

    private static int[] Numbers(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is not { } text ? [] :
    [
        .. text.Split(',').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw CliException.Usage($"{option.Name} is '{text}'; expected whole numbers with commas between, such as 384,128.")),
    ];
}
