using System.Globalization;

namespace BertSharp.Benchmarks.Comparison;

/// <summary>What <c>compare</c> was asked for.</summary>
/// <param name="Peers">Parts of the names of peers beside BertSharp; all where empty.</param>
/// <param name="Rows">Parts of the ids of rows; all where empty.</param>
/// <param name="Rounds">How often each contestant is visited.</param>
/// <param name="VisitSeconds">How long a visit repeats a pass.</param>
/// <param name="Command">The arguments as given.</param>
internal sealed record CompareOptions(string[] Peers, string[] Rows, int Rounds, double VisitSeconds, string Command)
{
    public static CompareOptions Parse(string[] args)
    {
        CompareOptions options = new([], [], Rounds: 5, VisitSeconds: 2, string.Join(' ', ["run.sh", .. args]));
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value.");
            options = args[i] switch
            {
                "--only" => options with { Peers = value.Split(',') },
                "--rows" => options with { Rows = value.Split(',') },
                "--rounds" => options with { Rounds = int.Parse(value, CultureInfo.InvariantCulture) },
                "--visit" => options with { VisitSeconds = double.Parse(value, CultureInfo.InvariantCulture) },
                _ => throw new ArgumentException($"'{args[i]}' is not an option; expected --only, --rows, --rounds or --visit."),
            };
        }

        return options;
    }

    public bool Takes(Workload workload) => Rows.Length == 0 || Array.Exists(Rows, part => workload.Id.Contains(part, StringComparison.OrdinalIgnoreCase));

    public bool Takes(Peer peer) => peer.Name == Peer.Own || Peers.Length == 0
        || Array.Exists(Peers, part => $"{peer.Name} {peer.Variant}".Replace(" ", "", StringComparison.Ordinal).Contains(part, StringComparison.OrdinalIgnoreCase));
}
