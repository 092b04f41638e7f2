namespace NanoOta
{
    /// <summary>Refuses an activation while the managed heap has too little room for a trial: the trial would fail, and the failure would
    /// be held against the release. Called last, because measuring collects garbage and stops every thread.</summary>
    internal sealed class MemoryCheck : IPreflightCheck
    {
        public PreflightAnswer Check(PreflightRequest request)
        {
            IMemory memory = request.Ports.Memory;
            if (request.Step != UpdateStep.Activate || memory == null || memory.FreeManaged >= MemoryFloor.ManagedNeed)
                return PreflightAnswer.GoOn;
            memory.Release();
            return memory.FreeManaged >= MemoryFloor.ManagedNeed ? PreflightAnswer.GoOn : request.Refuse(UpdateError.ManagedMemoryLow, "");
        }
    }
}
