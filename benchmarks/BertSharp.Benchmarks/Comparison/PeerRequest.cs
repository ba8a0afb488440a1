namespace BertSharp.Benchmarks.Comparison;

/// <summary>One line to a peer. Its names in JSON are in snake case; what a verb does not need is left out.</summary>
/// <param name="Verb">load, inputs, run or states.</param>
/// <param name="Folder">Of load: the model in Hugging Face's layout.</param>
/// <param name="Onnx">Of load: the same model as a graph.</param>
/// <param name="Threads">Of load.</param>
/// <param name="Sequences">Of inputs: token ids.</param>
/// <param name="Batches">Of inputs: the sequences of each batch, by index.</param>
/// <param name="VisitSeconds">Of run: passes over all batches are repeated until this time is over; one is always run.</param>
/// <param name="Tokens">Of states: [sequence, token] of each hidden state to return.</param>
internal sealed record PeerRequest(
    string Verb, string? Folder = null, string? Onnx = null, int? Threads = null, int[][]? Sequences = null, int[][]? Batches = null,
    double? VisitSeconds = null, int[][]? Tokens = null);
