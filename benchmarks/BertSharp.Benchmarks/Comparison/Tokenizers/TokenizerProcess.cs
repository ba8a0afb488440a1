using System.Diagnostics;
using System.Globalization;

namespace BertSharp.Benchmarks;

/// <summary>A tokenizer in a process of its own, which takes the commands of <see cref="TokenizerWorker"/>.</summary>
internal sealed class TokenizerProcess : IDisposable
{
    private readonly Process _process;

    public TokenizerProcess(string key, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };

        // The Hugging Face library encodes a batch on all cores unless it is told otherwise.
        start.Environment["TOKENIZERS_PARALLELISM"] = "false";
        start.Environment["RAYON_NUM_THREADS"] = "1";
        _process = Process.Start(start)!;
        Key = key;
        Version = Line();
    }

    /// <summary>The name of its column.</summary>
    public string Key { get; }

    /// <summary>Name and version, as it says itself.</summary>
    public string Version { get; }

    /// <summary>Tokens a second in one mode over whole passes of a set; negative where it lacks the mode.</summary>
    public double Rate(string mode, string set, double seconds)
    {
        string[] answer = Ask($"{mode} {set} {seconds.ToString(CultureInfo.InvariantCulture)}").Split(' ');
        return double.Parse(answer[0], CultureInfo.InvariantCulture) / double.Parse(answer[1], CultureInfo.InvariantCulture);
    }

    /// <summary>The ids of a set's texts, a line a text.</summary>
    public string[] Ids(string set, string folder)
    {
        string file = Path.Combine(folder, $"{Key}.{set}.txt");
        Ask($"dump {set} {file}");
        return File.ReadAllLines(file);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private string Ask(string command)
    {
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
        return Line();
    }

    private string Line() => _process.StandardOutput.ReadLine()
        ?? throw new InvalidOperationException($"The process of {Key} has ended without an answer; its errors are above.");
}
