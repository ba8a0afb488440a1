namespace BertSharp;

/// <summary>
/// Trains what a job gives: gradients, clipping and update, log, validation, checkpoint, step by step. A run that was stopped
/// anywhere, a killed process included, goes on to the same weights, moments and log, byte for byte.
/// </summary>
internal sealed class Trainer : IDisposable
{
    private readonly TrainingJob _job;
    private readonly TrainingOptions _options;
    private readonly long _steps;
    private readonly LearningRateSchedule _schedule;
    private readonly GradientNorm _norm;
    private readonly Optimizer _optimizer;
    private readonly TrainingRun _run;
    private readonly RunState _state;

    /// <summary>Opens the run's folder; what is there is restored into the job's parameters.</summary>
    /// <exception cref="ArgumentException">An option means nothing, or nothing is left to train.</exception>
    /// <exception cref="CheckpointException">The folder is in use, of another run, or damaged.</exception>
    public Trainer(TrainingJob job, TrainingOptions options)
    {
        options.Check();
        (_job, _options, _steps) = (job, options, options.TotalSteps(job.StepsPerEpoch));
        NamePatterns frozen = new(options.Freeze);
        TrainedParameter[] parameters = [.. job.Parameters.Where(parameter => !frozen.Match(parameter.Info.Name))];
        if (parameters.Length == 0 || job.StepsPerEpoch < 1)
        {
            throw new ArgumentException(parameters.Length == 0 ? "All parameters are frozen; nothing is left to train." : "There are no examples to train on.");
        }

        _schedule = LearningRateSchedule.Of(options, _steps);
        _norm = new GradientNorm(parameters);
        _optimizer = Optimizer.Create(parameters, options);
        try
        {
            _run = new TrainingRun(options, RunIdentity.Of(job, options, _steps), _optimizer);
        }
        catch
        {
            _optimizer.Dispose();
            throw;
        }

        _state = _run.State;
    }

    /// <summary>Trains to the end, until patience is spent, or until it is cancelled: then a checkpoint is written and a later call goes on.</summary>
    /// <param name="progress">Is told after every step and validation, on this thread.</param>
    /// <param name="cancellation">Drops the step under way.</param>
    /// <exception cref="NotFiniteNumberException">A loss or gradient is NaN or infinite; names the step.</exception>
    /// <exception cref="IOException">A file could not be written or read; names the step.</exception>
    public TrainingResult Fit(IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        try
        {
            foreach (string note in _run.Notes)
            {
                progress?.Report(Progress(double.NaN, 0, 0) with { Note = note });
            }

            TrainingEnd end = Loop(progress, cancellation);
            _run.Save();
            if (_state.Step > 0)
            {
                AtomicFile.WriteText(_run.Folder.Curve, LossCurve.ToSvg(_run.Folder.Log));
            }

            if (end != TrainingEnd.Cancelled)
            {
                _job.Save(_run.Folder.Last);
            }

            string? model = _state.BestScore is not null ? _run.Folder.Best : end == TrainingEnd.Cancelled ? null : _run.Folder.Last;
            return new TrainingResult(end, _state.Step, _job.Metric, _state.BestScore, _state.BestStep, model);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Stopped after step {_state.Step}: {e.Message.TrimEnd('.')}. {_run.LastGood}.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _run.Dispose();
        _optimizer.Dispose();
    }

    private TrainingEnd Loop(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                if (IsValidationDue())
                {
                    Validate(progress, cancellation);
                }

                if (_state.Step == _steps)
                {
                    return TrainingEnd.Finished;
                }

                if (_options.Patience > 0 && _state.Stale >= _options.Patience)
                {
                    return TrainingEnd.EarlyStopped;
                }

                if (_run.IsCheckpointDue)
                {
                    _run.Save();
                }

                cancellation.ThrowIfCancellationRequested();
                Step(progress, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return TrainingEnd.Cancelled;
        }
    }

    private void Step(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        _run.Timing.Start();
        StepLoss loss = _job.ComputeGradients(_state.Step, cancellation);
        double norm = _norm.Compute(), rate = _options.LearningRate * _schedule.Factor(_state.Step);
        RequireFinite("loss", loss.Loss);
        RequireFinite("norm of the gradient", norm);
        _optimizer.Update(_state.Step + 1, rate, GradientNorm.Scale(norm, _options.MaxGradientNorm));
        _state.Step++;
        _run.Log.AppendStep(_state.Step, loss, rate, norm);
        _run.Timing.Append(_state.Step, loss.Tokens);
        progress?.Report(Progress(loss.Loss, rate, norm));
    }

    private void Validate(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        if (_job.Validate(cancellation) is not Validation validation)
        {
            _state.ValidatedStep = _state.Step;
            return;
        }

        bool isBest = _state.Take(validation);
        _run.Log.AppendValidation(_state.Step, validation);
        if (isBest)
        {
            _job.Save(_run.Folder.Best);
        }

        progress?.Report(Progress(double.NaN, 0, 0) with { Note = FormattableString.Invariant($"{validation.Metric} {validation.Score:0.####}{(isBest ? ", the best so far" : $", best {_state.BestScore:0.####} at step {_state.BestStep}")}") });
    }

    // Once a pass, or as often as asked, and after the last step; not again where a resumed run has it.
    private bool IsValidationDue() => _state.Step > 0 && _state.ValidatedStep != _state.Step
        && (_state.Step == _steps || _state.Step % (_options.ValidationSteps ?? _job.StepsPerEpoch) == 0);

    private void RequireFinite(string what, double value)
    {
        if (!double.IsFinite(value))
        {
            throw new NotFiniteNumberException($"Step {_state.Step + 1}: the {what} is {(double.IsNaN(value) ? "not a number" : "infinite")}. {_run.LastGood}; a lower learning rate, a longer warm-up or gradients clipped to a smaller norm may help.", value);
        }
    }

    private TrainingProgress Progress(double loss, double rate, double norm) =>
        new(_state.Step, _steps, loss, rate, norm, _run.Timing.TokensPerSecond, _run.Timing.TimeFor(_steps - _state.Step));
}
