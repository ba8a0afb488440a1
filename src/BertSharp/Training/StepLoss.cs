namespace BertSharp;

/// <summary>What a step's forward pass found.</summary>
/// <param name="Loss">The loss that the gradient belongs to; 0 where nothing was labelled.</param>
/// <param name="Tokens">Tokens of all its sequences.</param>
/// <param name="Parts">The terms of the loss by name, such as masked language model and next sentence; empty where there is one.</param>
internal readonly record struct StepLoss(double Loss, long Tokens, IReadOnlyList<KeyValuePair<string, double>> Parts);
