namespace BertSharp.Tests;

/// <summary>A BERT that is pretrained with dropout and next sentences: stopped at random, on other threads, widths and micro-batches, it ends as a straight run.</summary>
[Collection(Widths.Alone)]
public sealed class PretrainingRunTests : IDisposable
{
    private const int Steps = 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("bertsharp-pretraining-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Fifty_random_stops_end_in_the_bytes_of_a_straight_run()
    {
        string store = Store();
        string straight = Path.Combine(_folder, "straight"), stopped = Path.Combine(_folder, "stopped");
        Assert.Equal(TrainingEnd.Finished, Leg(store, straight, stopAfter: Steps, microBatchTokens: 4096));
        Random random = new(3);
        int stops = 0;
        for (int run = 0; stops < 50; run++)
        {
            while (Leg(store, stopped, random, ref stops) != TrainingEnd.Finished)
            {
            }

            foreach (string file in (string[])["log.jsonl", $"step-{Steps:D12}.checkpoint", "last/model.safetensors", "best/model.safetensors"])
            {
                Assert.True(
                    File.ReadAllBytes(Path.Combine(straight, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(stopped, file))), $"{file} differs in run {run} of seed 3.");
            }

            Directory.Delete(stopped, recursive: true);
        }
    }

    private TrainingEnd Leg(string store, string run, Random random, ref int stops)
    {
        int threads = random.Next(1, 3), width = Widths.All[random.Next(Widths.All.Length)], tokens = random.Next(1, 200), steps = random.Next(1, Steps + 4);
        TrainingEnd end = TrainingEnd.Cancelled;
        Threads.At(threads, () => Widths.At(width, () => end = Leg(store, run, steps, tokens)));
        stops += end == TrainingEnd.Cancelled ? 1 : 0;
        return end;
    }

    private static TrainingEnd Leg(string store, string run, int stopAfter, int microBatchTokens)
    {
        using CancellationTokenSource stop = new();
        int done = 0;
        using var model = BertForPreTraining.Create(
            new BertConfig
            {
                VocabSize = TinyVocabulary.Tokenizer.VocabSize,
                HiddenSize = 12,
                NumHiddenLayers = 2,
                NumAttentionHeads = 2,
                IntermediateSize = 20,
                MaxPositionEmbeddings = 40,
            },
            seed: 8);
        PretrainingOptions options = new() { Data = [new(store, 1)], HeldOut = store, BatchSize = 6, WholeWord = true, MaskedShare = 0.3, FinalMaskedShare = 0.15 };
        TrainingOptions training = new() { Folder = run, Steps = Steps, LearningRate = 3e-3, Warmup = 4, Schedule = ScheduleKind.WarmupStableDecay, Decay = 6, CheckpointSteps = 3, ValidationSteps = 7, Seed = 5, MicroBatchTokens = microBatchTokens, Recompute = microBatchTokens % 2 == 0 };
        return Pretraining.Run(model, TinyVocabulary.Tokenizer, options, training, new Immediate<TrainingProgress>(at =>
        {
            if (at.Note is null && ++done == stopAfter && at.Step < Steps)
            {
                stop.Cancel();
            }
        }), stop.Token).End;
    }

    private string Store()
    {
        Random random = new(1);
        string[] words = ["hello", "world", "the", "fox", "jumped", "unaffable", "foxes", "jumps", "a", "b", "cab"];
        IEnumerable<string> lines = Enumerable.Range(0, 300).Select(line => line % 9 == 8 ? "" : string.Join(' ', Enumerable.Range(0, random.Next(2, 8)).Select(_ => words[random.Next(words.Length)])) + ".");
        string text = Path.Combine(_folder, "text.txt"), store = Path.Combine(_folder, "store");
        File.WriteAllLines(text, lines);
        PretrainingExamples.Write([text], TinyVocabulary.Tokenizer, store, new ExampleOptions { Length = 32, NextSentence = true, Duplicates = 2, Seed = 4 });
        return store;
    }
}
