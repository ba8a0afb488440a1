using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BertSharp.Benchmarks.Comparison;

/// <summary>A peer in a process of its own, which lives as long as its model and number of threads are measured.</summary>
internal sealed class PeerProcess : IDisposable
{
    /// <summary>How requests and answers are written, on both sides.</summary>
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly Process _process;
    private readonly string _name;
    private object? _inputs;

    public PeerProcess(Peer peer, ModelFiles model, int threads)
    {
        ProcessStartInfo start = new(peer.Program, peer.Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach ((string name, string value) in peer.Environment(threads))
        {
            start.Environment[name] = value;
        }

        _name = $"{peer.Name} ({peer.Variant})";
        _process = Process.Start(start)!;
        Version = Ask(new PeerRequest("load", model.Folder, model.Onnx, threads)).Version!;
    }

    public string Version { get; }

    /// <summary>Makes the batches ready; what is ready stays so.</summary>
    public void Prepare(int[][] sequences, int[][] batches)
    {
        if (_inputs != (object)batches)
        {
            Ask(new PeerRequest("inputs", Sequences: sequences, Batches: batches));
            _inputs = batches;
        }
    }

    /// <summary>Seconds of each pass of one visit.</summary>
    public double[] Run(double visitSeconds) => Ask(new PeerRequest("run", VisitSeconds: visitSeconds)).Seconds!;

    /// <summary>Last hidden states of the tokens [sequence, token].</summary>
    public float[][] States(int[][] tokens) => Ask(new PeerRequest("states", Tokens: tokens)).States!;

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5000))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private PeerAnswer Ask(PeerRequest request)
    {
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(request, Json));
        _process.StandardInput.Flush();
        string line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{_name} ended during '{request.Verb}'; what it wrote is above.");
        PeerAnswer answer = JsonSerializer.Deserialize<PeerAnswer>(line, Json)!;
        return answer.Error is null ? answer : throw new InvalidOperationException($"{_name} failed during '{request.Verb}': {answer.Error}");
    }
}
