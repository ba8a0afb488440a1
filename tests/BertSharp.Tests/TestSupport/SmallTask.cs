using System.Globalization;

namespace BertSharp.Tests;

/// <summary>A folder with a small encoder without a head, and for every task examples that a model of its size learns in seconds.</summary>
internal sealed class SmallTask : IDisposable
{
    private static readonly string[] Letters = [.. Enumerable.Range('a', 26).Select(letter => $"{(char)letter}")];

    private readonly CheckpointFiles _files = new();

    public SmallTask(ulong seed = 5)
    {
        Folder = _files.Path("base");
        using BertModel model = BertModel.Create(Config, seed);
        model.Save(Folder);
        TinyVocabulary.Tokenizer.Save(Folder);
    }

    public static BertConfig Config { get; } = new()
    {
        Architectures = ["BertModel"],
        VocabSize = TinyVocabulary.Tokens.Count,
        HiddenSize = 32,
        NumHiddenLayers = 1,
        NumAttentionHeads = 2,
        IntermediateSize = 64,
        MaxPositionEmbeddings = 48,
        InitializerRange = 0.1,
    };

    public string Folder { get; }

    public string Path(string name) => _files.Path(name);

    public string Write(string name, string text) => _files.Write(name, text);

    /// <summary>The options of a task over 26 examples of a kind, with a held-out file of the same kind.</summary>
    public FineTuningOptions Of(FineTuningTask task)
    {
        string extension = task == FineTuningTask.Tokens ? "conll" : "jsonl";
        return new FineTuningOptions
        {
            Task = task,
            Data = Write($"{task}.{extension}", string.Concat(Letters.Select((letter, i) => Example(task, letter, i)))),
            Validation = Write($"{task}-other.{extension}", string.Concat(Letters.Reverse().Select((letter, i) => Example(task, letter, i)))),
            MaxLength = task == FineTuningTask.Answer ? 16 : null,
            DocStride = task == FineTuningTask.Answer ? 2 : null,
            BatchSize = 8,
            Metric = task == FineTuningTask.Regression ? "pearson" : null, // Equal numbers, which a model tells apart, keep Spearman's below 1.
        };
    }

    public TrainingOptions Training(string name, long steps) => new() { Folder = Path(name), Steps = steps, LearningRate = 0.01, Schedule = ScheduleKind.Linear, Warmup = 0.1, CheckpointSteps = 5, ValidationSteps = 10, Seed = 3, MicroBatchTokens = 40 };

    public void Dispose() => _files.Dispose();

    // What is to be found is "fox", beside a letter that means nothing.
    private static string Example(FineTuningTask task, string letter, int i)
    {
        bool fox = i % 2 == 0, jumped = i % 3 == 0;
        string text = $"{letter} {(fox ? "fox" : "world")}{(jumped ? " jumped" : "")}", flag = fox ? "1" : "0";
        string score = ((fox ? 1 : 0) + (jumped ? 0.5 : 0)).ToString(CultureInfo.InvariantCulture);
        string labels = string.Join(", ", ((string[])[fox ? "\"animal\"" : "", jumped ? "\"deed\"" : ""]).Where(label => label.Length > 0));
        string before = string.Concat(Enumerable.Repeat($"{letter} ", i % 14));
        return task switch
        {
            FineTuningTask.Classify => $$"""{"text": "{{text}}", "label": "{{(fox ? "animal" : "place")}}"}""" + "\n",
            FineTuningTask.MultiLabel => $$"""{"text": "{{text}}", "labels": [{{labels}}]}""" + "\n",
            FineTuningTask.Regression => $$"""{"text": "{{text}}", "label": {{score}} }""" + "\n",
            FineTuningTask.Rerank => $$"""{"text": "hello {{(i < 13 ? "fox" : "foxes")}}", "text_pair": "{{text}}", "label": {{flag}} }""" + "\n",
            FineTuningTask.Tokens => $"{letter}\tO\n{(fox ? "foxes\tB-animal" : "world\tB-place")}\n{(jumped ? "jumped\tO\n" : "")}\n",
            FineTuningTask.Answer => $$"""{"question": "the?", "context": "{{before}}{{(fox ? "fox " : "")}}jumped", "answers": {"text": [{{(fox ? "\"fox\"" : "")}}], "answer_start": [{{(fox ? before.Length : "")}}] } }""" + "\n",
            _ => $$"""{"text": "hello", "choices": ["{{(fox ? text : "a world")}}", "{{(fox ? "the world" : "the fox")}}"], "label": {{(fox ? 0 : 1)}} }""" + "\n",
        };
    }
}
