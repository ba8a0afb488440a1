namespace BertSharp;

/// <summary>
/// Pretrains a model on examples that <see cref="PretrainingExamples"/> has written (Devlin et al. 2018, section 3.1;
/// Liu et al. 2019).
/// </summary>
public static class Pretraining
{
    /// <summary>Trains a model; a run that was stopped in the same folder goes on.</summary>
    /// <param name="model">A <see cref="BertForMaskedLM"/>, or for pairs a <see cref="BertForPreTraining"/>; meanwhile it belongs to this thread.</param>
    /// <param name="tokenizer">The tokenizer that the examples were made with; it is saved beside the model.</param>
    /// <param name="options">What it is trained on.</param>
    /// <param name="training">How it is trained, and where the run is kept.</param>
    /// <param name="progress">Is told after each step, on this thread.</param>
    /// <param name="cancellation">Saves and stops; a later call goes on.</param>
    /// <exception cref="ArgumentException">Model, tokenizer and examples do not fit, or an option means nothing.</exception>
    /// <exception cref="CheckpointException">A file is damaged, or the folder holds a run with other options.</exception>
    /// <exception cref="NotFiniteNumberException">The loss or the gradient is no number; names the step.</exception>
    public static TrainingResult Run(PreTrainedModel model, BertTokenizer tokenizer, PretrainingOptions options, TrainingOptions training, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        using PretrainingJob job = new(model, tokenizer, options, training);
        using Trainer trainer = new(job, training);
        return trainer.Fit(progress, cancellation);
    }

    /// <summary>
    /// Gives a new model the weights that pretraining best starts from: positions as sinusoids, and a first layer whose heads look at
    /// the words beside. In a million tokens a small model passed the loss that random weights had come to in three (docs/decisions/0012).
    /// </summary>
    /// <param name="model">A new BERT, nobody else's; the same seed gives the same bits.</param>
    /// <exception cref="ArgumentException">The model is of a family without absolute positions of its own width.</exception>
    public static void LookAtNeighbours(PreTrainedModel model) => NeighbourStart.Apply(model);
}
