using System.Diagnostics;
using System.Text.Json;

namespace BertSharp.Benchmarks.Comparison;

/// <summary>BertSharp as a peer: what <see cref="PeerProcess"/> starts by the verb <c>peer</c>. BERTSHARP_THREADS has the number of threads.</summary>
internal sealed class BertSharpPeer : IDisposable
{
    private readonly BertOutput _output = new();
    private BertModel? _model;
    private int[][] _members = [];
    private TokenBatch[] _batches = [];

    /// <summary>Answers line by line until the input ends.</summary>
    public static void Serve()
    {
        using BertSharpPeer peer = new();
        while (Console.ReadLine() is { } line)
        {
            Console.WriteLine(JsonSerializer.Serialize(peer.Answer(line), PeerProcess.Json));
        }
    }

    public void Dispose()
    {
        _model?.Dispose();
        _output.Dispose();
    }

    private PeerAnswer Answer(string line)
    {
        try
        {
            PeerRequest request = JsonSerializer.Deserialize<PeerRequest>(line, PeerProcess.Json)!;
            return request.Verb switch
            {
                "load" => Load(request),
                "inputs" => Inputs(request),
                "run" => Run(request),
                "states" => States(request),
                _ => new PeerAnswer($"there is no verb '{request.Verb}'"),
            };
        }
        catch (Exception error) when (error is ArgumentException or CheckpointException or InvalidOperationException)
        {
            return new PeerAnswer(error.Message);
        }
    }

    private PeerAnswer Load(PeerRequest request)
    {
        if (WorkerPool.Shared.Threads != request.Threads)
        {
            return new PeerAnswer($"BERTSHARP_THREADS gave {WorkerPool.Shared.Threads} threads, {request.Threads} are asked for");
        }

        _model = BertModel.Load(request.Folder!);
        return new PeerAnswer(Version: $"{typeof(BertModel).Assembly.GetName().Version!.ToString(3)}, .NET {Environment.Version}, {Simd.Width}-bit vectors");
    }

    private PeerAnswer Inputs(PeerRequest request)
    {
        _members = request.Batches!;
        _batches = [.. _members.Select(members => Pack([.. members.Select(index => request.Sequences![index])]))];
        return new PeerAnswer();
    }

    private static TokenBatch Pack(int[][] sequences)
    {
        int[] offsets = new int[sequences.Length + 1];
        for (int i = 0; i < sequences.Length; i++)
        {
            offsets[i + 1] = offsets[i] + sequences[i].Length;
        }

        return new TokenBatch([.. sequences.SelectMany(ids => ids)], new int[offsets[^1]], offsets);
    }

    private PeerAnswer Run(PeerRequest request)
    {
        List<double> seconds = [];
        do
        {
            long start = Stopwatch.GetTimestamp();
            foreach (TokenBatch batch in _batches)
            {
                _model!.Forward(batch, _output);
            }

            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        while (seconds.Sum() < request.VisitSeconds);
        return new PeerAnswer(Seconds: [.. seconds]);
    }

    private PeerAnswer States(PeerRequest request)
    {
        float[][] states = new float[request.Tokens!.Length][];
        for (int batch = 0; batch < _batches.Length; batch++)
        {
            _model!.Forward(_batches[batch], _output);
            for (int i = 0; i < states.Length; i++)
            {
                if (Array.IndexOf(_members[batch], request.Tokens[i][0]) is >= 0 and int row)
                {
                    states[i] = _output.Sequence(row).Row(request.Tokens[i][1]).ToArray();
                }
            }
        }

        return new PeerAnswer(States: states);
    }
}
