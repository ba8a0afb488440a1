namespace BertSharp.Benchmarks.Comparison;

/// <summary>Measures the rows of one model and number of threads: its processes live as long as this.</summary>
internal sealed class Contest : IDisposable
{
    private const double WarmUpSeconds = 0.5;

    private readonly List<(Peer Peer, PeerProcess Process)> _peers = [];
    private readonly CompareOptions _options;

    public Contest(IEnumerable<Peer> peers, ModelFiles model, int threads, CompareOptions options)
    {
        _options = options;
        foreach (Peer peer in peers)
        {
            _peers.Add((peer, new PeerProcess(peer, model, threads)));
        }
    }

    /// <summary>Checks that outputs agree, then visits the contestants in turn, round after round.</summary>
    public RowResult Measure(Workload workload, string measured)
    {
        Dictionary<(Peer, string), double> differences = Agree(workload);
        (Peer Peer, PeerProcess Process, string Plan, int[][] Batches, List<double[]> Seconds)[] contestants =
            [.. _peers.SelectMany(one => workload.Plans(one.Peer).Select(plan => (one.Peer, one.Process, plan.Plan, plan.Batches, new List<double[]>())))];
        List<double> peaks = [MachinePeak.MeasureFma(workload.Threads)], bandwidths = [MachinePeak.MeasureMemory(workload.Threads)], busy = [], loads = [];
        for (int round = 0; round < _options.Rounds; round++)
        {
            busy.Add(Machine.MeasureBusy());
            loads.Add(Machine.LoadAverage);
            foreach (var contestant in contestants)
            {
                contestant.Process.Prepare(workload.Sequences, contestant.Batches);
                contestant.Seconds.Add(contestant.Process.Run(_options.VisitSeconds));
            }

            peaks.Add(MachinePeak.MeasureFma(workload.Threads));
            bandwidths.Add(MachinePeak.MeasureMemory(workload.Threads));
        }

        return new RowResult(
            workload.Id, workload.Title, measured, _options.Command, workload.Threads, workload.Tokens, workload.Gflop, workload.WeightBytes,
            [.. peaks], [.. bandwidths], [.. busy], [.. loads],
            [.. contestants.Select(one => new CellResult(one.Peer.Name, one.Plan, one.Peer.Variant, one.Process.Version, differences[(one.Peer, one.Plan)], [.. one.Seconds]))]);
    }

    public void Dispose() => _peers.ForEach(one => one.Process.Dispose());

    /// <summary>Differences to BertSharp's outputs; this warms everybody up.</summary>
    private Dictionary<(Peer, string), double> Agree(Workload workload)
    {
        Workload sample = workload.Sample;
        int[][] tokens = Agreement.Tokens(sample.Sequences);
        float[][]? expected = null;
        Dictionary<(Peer, string), double> differences = [];
        foreach ((Peer peer, PeerProcess process) in _peers)
        {
            foreach ((string plan, int[][] batches) in sample.Plans(peer))
            {
                process.Prepare(sample.Sequences, batches);
                float[][] states = process.States(tokens);
                process.Run(WarmUpSeconds);
                expected ??= states;
                differences[(peer, plan)] = Agreement.Require(expected, states, sample, $"{peer.Name} ({peer.Variant}) {plan}");
            }
        }

        return differences;
    }
}
