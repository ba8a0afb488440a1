using System.CommandLine;
using System.Globalization;
using BertSharp.Cli.Commands;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Train;

/// <summary><c>bert train --task embed</c>: its own options, and what is trained with them.</summary>
internal sealed class EmbedTraining
{
    private readonly Option<string> _loss = new("--loss") { Description = "For anchors with positives: mnrl (the other examples of a step are negatives) or triplet; for scored pairs: cosent, cosine, contrastive; distill: a teacher's embeddings of plain text.", DefaultValueFactory = _ => "mnrl", HelpName = "NAME" };
    private readonly Option<string?> _matryoshka = new("--matryoshka") { Description = "Dimensions to which embeddings may be cut: 384,256,128.", HelpName = "N,..." };
    private readonly Option<string?> _teacher = new("--teacher") { Description = "The model that --loss distill learns from.", HelpName = "MODEL" };
    private readonly Option<string?> _studentLayers = new("--student-layers") { Description = "Start from these layers of the teacher, with embeddings of --student-embedding dimensions.", HelpName = "N,..." };
    private readonly Option<int?> _studentEmbedding = CommonOptions.Number("--student-embedding", "Dimensions of a student's embeddings; 128 by default.", 2, 65536);
    private readonly Option<int?> _dense = CommonOptions.Number("--dense", "Put a dense layer with so many outputs behind the model's pooling.", 1, 65536);
    private readonly Option<int?> _sentences = CommonOptions.Number("--sentences", "With --loss distill: at most so many sentences; 1500000 by default.", 1);
    private readonly Option<double> _cosineWeight = new("--cosine-weight") { Description = "With --loss distill: the weight of the cosines among a step's sentences.", DefaultValueFactory = _ => 1, HelpName = "X" };

    /// <summary>All options, in the order of the help.</summary>
    public IReadOnlyList<Option> All => [_loss, _matryoshka, _teacher, _studentLayers, _studentEmbedding, _dense, _sentences, _cosineWeight];

    /// <summary>Trains, and says what came out.</summary>
    /// <param name="parsed">This verb's options.</param>
    /// <param name="model">The model to start from; null: a student of the teacher.</param>
    /// <param name="files">The examples.</param>
    /// <param name="validate">A file of scored pairs; null: there is none.</param>
    /// <param name="columns">How the files are to be read.</param>
    /// <param name="batchSize">Examples of a step.</param>
    /// <param name="training">How it is trained.</param>
    /// <param name="context">The run's wish to stop.</param>
    public int Run(ParseResult parsed, string? model, string[] files, string? validate, DataOptions columns, int batchSize, TrainingOptions training, CommandContext context)
    {
        EmbeddingOptions options = new()
        {
            Loss = parsed.GetValue(_loss)!,
            Matryoshka = Numbers(parsed, _matryoshka),
            CosineWeight = (float)parsed.GetValue(_cosineWeight),
            BatchSize = batchSize,
        };
        ScoredPair[] heldOut = validate is null ? [] : [.. ScoredPair.Read(validate, columns)];
        using SentenceEmbedder embedder = Open(parsed, model, training.Seed);
        context.LeaveTimeToSave();
        EmbeddingData data = DataOf(parsed, files, columns, options, training, context);
        using EmbeddingJob job = new(embedder, data, heldOut, options, training);
        using Trainer trainer = new(job, training);
        return TrainingView.Run("training", context, progress => trainer.Fit(progress, context.Cancellation));
    }

    private SentenceEmbedder Open(ParseResult parsed, string? model, ulong seed) =>
        Numbers(parsed, _studentLayers) is { Length: > 0 } layers
            ? StudentModel.Create(Teacher(parsed), layers, parsed.GetValue(_studentEmbedding) ?? 128)
            : DenseStart.Load(model ?? throw CliException.Usage("Give --model, or --teacher with --student-layers for a new one."), parsed.GetValue(_dense), seed);

    private EmbeddingData DataOf(ParseResult parsed, string[] files, DataOptions columns, EmbeddingOptions options, TrainingOptions training, CommandContext context)
    {
        switch (options.Loss)
        {
            case "distill":
                EmbeddingData? data = null;
                ConsoleProgress.Run("teacher", "sentences", resultsOnTerminal: false, report => data = DistillationData.Open(
                    training.Folder, files, parsed.GetValue(_sentences) ?? 1_500_000, Teacher(parsed), options.BatchSize, training.Seed,
                    new DirectProgress<(int Done, int Count)>(at => report(at.Done, (double)at.Done / at.Count)), context.Cancellation));
                return data!;
            case "mnrl" or "triplet":
                return LabelledTexts.Of([.. files.SelectMany(file => TextTriplet.Read(file, columns))], options.BatchSize, training.Seed, distinct: options.Loss == "mnrl");
            default:
                return LabelledTexts.Of([.. files.SelectMany(file => ScoredPair.Read(file, columns))], options.BatchSize, training.Seed);
        }
    }

    private string Teacher(ParseResult parsed) =>
        parsed.GetValue(_teacher) ?? throw CliException.Usage("--loss distill and --student-layers need --teacher MODEL.");

    private static int[] Numbers(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is not { } text ? [] :
    [
        .. text.Split(',').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw CliException.Usage($"{option.Name} is '{text}'; expected whole numbers with commas between: 384,128.")),
    ];
}
