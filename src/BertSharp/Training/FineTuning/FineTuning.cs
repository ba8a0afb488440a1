namespace BertSharp;

/// <summary>
/// Trains a pretrained model for a task on labelled examples (Devlin et al. 2018, section 4): encoder and head together.
/// </summary>
public static class FineTuning
{
    /// <summary>
    /// Trains a model; a run that was stopped in the same folder goes on. The best model, or without validation the last, is saved
    /// with its tokenizer in a folder that every task and transformers load; with <see cref="FineTuningOptions.Lora"/> merged, and the adapter
    /// for PEFT in <c>adapter</c> below.
    /// </summary>
    /// <param name="model">A folder in Hugging Face's layout, or a name of the local Hugging Face cache; its head may be another, or absent: then a new one begins.</param>
    /// <param name="options">The task and its examples.</param>
    /// <param name="training">How the model is trained, and where the run is kept.</param>
    /// <param name="progress">Is told after each step, on this thread.</param>
    /// <param name="cancellation">Saves and stops; a later call goes on.</param>
    /// <exception cref="DataFileException">An example cannot be used; names file and line.</exception>
    /// <exception cref="ArgumentException">An option means nothing, or model and task do not fit.</exception>
    /// <exception cref="CheckpointException">A file of the model is damaged, or the folder holds a run with other options.</exception>
    /// <exception cref="NotFiniteNumberException">The loss or the gradient is no number; names the step.</exception>
    public static TrainingResult Run(string model, FineTuningOptions options, TrainingOptions training, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (options.RandomWeights && options.Lora is not null)
        {
            throw new ArgumentException("A low-rank adapter changes pretrained weights; with random ones train the whole model.", nameof(options));
        }

        string folder = ModelFolder.Resolve(model);
        BertTokenizer tokenizer = BertTokenizer.Load(folder);
        using TaskExamples examples = options.Task switch
        {
            FineTuningTask.Tokens => TagTask.Open(folder, tokenizer, options, training.Seed),
            FineTuningTask.Answer => AnswerTask.Open(folder, tokenizer, options, training.Seed),
            FineTuningTask.Choice => ChoiceTask.Open(folder, tokenizer, options, training.Seed),
            _ => TextTask.Open(folder, tokenizer, options, training.Seed),
        };
        if (options.RandomWeights)
        {
            examples.Model.Parameters.Fill(Weights.Random(examples.Model.Config, training.Seed));
        }

        LoraConfig? lora = options.Lora is null ? null : options.Lora with { BaseModel = options.Lora.BaseModel ?? model };
        using FineTuningJob job = new(examples, tokenizer, options with { Lora = lora }, training);
        using Trainer trainer = new(job, training);
        if (options.RandomWeights || examples.Model.NewParameters.Count > 0)
        {
            string added = options.RandomWeights ? "all" : string.Join(", ", examples.Model.NewParameters.Select(parameter => parameter.Name));
            progress?.Report(new TrainingProgress(0, training.TotalSteps(job.StepsPerEpoch), double.NaN, 0, 0, 0, TimeSpan.Zero, $"new weights, random by the seed: {added}"));
        }

        return trainer.Fit(progress, cancellation);
    }
}
